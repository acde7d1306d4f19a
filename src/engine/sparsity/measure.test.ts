import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packBits, wordsFor } from './bits.ts';
import type { MaskLayout } from './initialMask.ts';
import { randomMaskBits } from './initialMask.ts';
import { deadNeurons, effectiveWeights, expectedItop, expectedItopAfter, flips, overlap, popcount } from './measure.ts';

/** A small net: widths, and one 0/1 matrix [out][in] a layer. */
interface Net {
  widths: number[];
  matrices: number[][][];
}

const net = fc
  .array(fc.oneof(fc.integer({ min: 1, max: 6 }), fc.constantFrom(31, 32, 33, 40, 65)), { minLength: 2, maxLength: 4 })
  .chain((widths) =>
    fc
      .tuple(fc.double({ min: 0.02, max: 0.6, noNaN: true }), fc.nat(), fc.constant(widths))
      .map(([density, seed]): Net => ({
        widths,
        matrices: widths.slice(1).map((out, l) => {
          const size = out * widths[l]!;
          const bits = randomMaskBits(seed, l, size, Math.round(density * size));
          return Array.from({ length: out }, (_, r) =>
            Array.from({ length: widths[l]! }, (_, c) => {
              const i = r * widths[l]! + c;
              return (bits[i >>> 5]! >>> (i & 31)) & 1;
            }),
          );
        }),
      })),
  );

function packed({ widths, matrices }: Net): { mask: Uint32Array; layers: MaskLayout[] } {
  const layers: MaskLayout[] = [];
  const words: number[] = [];
  matrices.forEach((matrix, l) => {
    const bits = packBits(Uint8Array.from(matrix.flat()));
    // A word of ones between layers: measures must not look at it.
    words.push(0xffffffff);
    layers.push({ out: widths[l + 1]!, in: widths[l]!, maskable: true, wordOffset: words.length, words: bits.length });
    words.push(...bits);
  });
  return { mask: Uint32Array.from(words), layers };
}

describe('measures agree with brute force', () => {
  test('dead neurons', () => {
    fc.assert(
      fc.property(net, (given) => {
        const { mask, layers } = packed(given);
        const expected = given.matrices.map((matrix, l) => {
          const next = given.matrices[l + 1];
          if (next === undefined) return 0;
          return matrix.filter((row, unit) => !row.includes(1) || !next.some((out) => out[unit] === 1)).length;
        });
        expect(deadNeurons(mask, layers)).toEqual(expected);
      }),
    );
  });

  test('effective weights', () => {
    // Whether a unit is on a path, by walking it: exponential in depth, which is at most three.
    const fromInput = ({ matrices }: Net, l: number, unit: number): boolean =>
      l === 0 || matrices[l - 1]![unit]!.some((bit, before) => bit === 1 && fromInput({ widths: [], matrices }, l - 1, before));
    const toOutput = ({ matrices }: Net, l: number, unit: number): boolean =>
      l === matrices.length || matrices[l]!.some((row, after) => row[unit] === 1 && toOutput({ widths: [], matrices }, l + 1, after));
    fc.assert(
      fc.property(net, (given) => {
        const { mask, layers } = packed(given);
        const expected = given.matrices.map((matrix, l) => {
          let count = 0;
          matrix.forEach((row, out) => row.forEach((bit, input) => {
            if (bit === 1 && fromInput(given, l, input) && toOutput(given, l + 1, out)) count++;
          }));
          return count;
        });
        expect(effectiveWeights(mask, layers)).toEqual(expected);
      }),
    );
  });

  test('popcount, flips and overlap', () => {
    const flags = fc.integer({ min: 1, max: 100 }).chain((n) => fc.tuple(fc.array(fc.nat(1), { minLength: n, maxLength: n }), fc.array(fc.nat(1), { minLength: n, maxLength: n })));
    fc.assert(
      fc.property(flags, ([a, b]) => {
        const [pa, pb] = [packBits(Uint8Array.from(a)), packBits(Uint8Array.from(b))];
        const count = (test: (x: number, y: number) => boolean): number => a.filter((x, i) => test(x, b[i]!)).length;
        expect(popcount(pa)).toBe(count((x) => x === 1));
        expect(flips(pa, pb)).toBe(count((x, y) => x !== y));
        const either = count((x, y) => x + y > 0);
        expect(overlap(pa, pb, a.length).overlap).toBe(either === 0 ? 1 : count((x, y) => x + y === 2) / either);
      }),
    );
  });
});

test('a layer that is not maskable counts as full', () => {
  const { mask, layers } = packed({ widths: [2, 2, 1], matrices: [[[1, 0], [0, 0]], [[0, 0]]] });
  expect(deadNeurons(mask, layers)).toEqual([2, 0]);
  const open = layers.map((layer, l) => (l === 1 ? { ...layer, maskable: false, words: 0 } : layer));
  expect(deadNeurons(mask, open)).toEqual([1, 0]);
  expect(effectiveWeights(mask, open)).toEqual([1, 1]);
});

test('a filter is heard by every weight over its picture, and hears with every point of its kernel', () => {
  const layer = (wordOffset: number, out: number, inputs: number): MaskLayout => ({ out, in: inputs, maskable: true, wordOffset, words: 1 });
  // Two filters of two points each over one channel, of which the second hears nothing.
  const filters = 0b0001;
  // A linear unit over three points of each filter's picture.
  const linear = [layer(0, 2, 2), layer(1, 1, 6)];
  expect(deadNeurons(Uint32Array.of(filters, 0b001_010), linear)).toEqual([1, 0]);
  expect(effectiveWeights(Uint32Array.of(filters, 0b001_010), linear)).toEqual([1, 1]);
  // A second convolution hears channel c at weights 2 c and 2 c + 1: here the second channel alone.
  const deep = [layer(0, 2, 2), layer(1, 1, 4), layer(2, 1, 1)];
  expect(deadNeurons(Uint32Array.of(filters, 0b1000, 1), deep)).toEqual([2, 0, 0]);
  expect(effectiveWeights(Uint32Array.of(filters, 0b1000, 1), deep)).toEqual([0, 0, 0]);
  expect(effectiveWeights(Uint32Array.of(filters, 0b1010, 1), deep)).toEqual([1, 1, 1]);
});

test('independent masks overlap by chance, d / (2 - d) for equal densities', () => {
  const size = 40_000;
  for (const [da, db] of [[0.1, 0.1], [0.3, 0.05]] as const) {
    const a = randomMaskBits(1, 0, size, da * size);
    const b = randomMaskBits(2, 0, size, db * size);
    const { overlap: found, chance } = overlap(a, b, size);
    expect(found).toBeCloseTo(chance, 2);
    if (da === db) expect(chance).toBeCloseTo(da / (2 - da), 12);
  }
  expect(overlap(new Uint32Array(2), new Uint32Array(2), 64)).toEqual({ overlap: 1, chance: 1 });
});

describe('the expected ITOP rate', () => {
  test.each([
    [0.1, 0.3, 10, 0.3516],
    [0.1, 0.3, 50, 0.8253],
    [0.1, 0.5, 50, 0.9397],
    [0.05, 0.3, 50, 0.566],
  ])('of density %d, drop fraction %d, after %d updates is %d', (density, fraction, updates, expected) => {
    expect(expectedItop(density, fraction, updates)).toBeCloseTo(expected, 4);
    let stepwise = density;
    for (let k = 0; k < updates; k++) stepwise = expectedItopAfter(stepwise, density, fraction);
    expect(stepwise).toBeCloseTo(expected, 4);
  });

  test('stays at the density of a static mask, at 1 when dense, and rises faster when dropped weights may not return', () => {
    expect(expectedItop(0.2, 0, 100)).toBeCloseTo(0.2, 12);
    expect(expectedItop(1, 0.3, 5, false)).toBe(1);
    expect(expectedItop(0.2, 0.3, 5, false)).toBeGreaterThan(expectedItop(0.2, 0.3, 5));
  });
});

test('a mask of a million weights is measured whole', () => {
  const widths = [784, 1000, 200, 10];
  const layers: MaskLayout[] = [];
  let wordOffset = 0;
  for (let l = 0; l + 1 < widths.length; l++) {
    const words = wordsFor(widths[l]! * widths[l + 1]!);
    layers.push({ out: widths[l + 1]!, in: widths[l]!, maskable: true, wordOffset, words });
    wordOffset += words;
  }
  const mask = new Uint32Array(wordOffset);
  for (const [l, layer] of layers.entries()) mask.set(randomMaskBits(1, l, layer.out * layer.in, 0.05 * layer.out * layer.in), layer.wordOffset);
  const effective = effectiveWeights(mask, layers);
  expect(effective.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(popcount(mask));
  expect(deadNeurons(mask, layers)[0]).toBeLessThan(5);
});
