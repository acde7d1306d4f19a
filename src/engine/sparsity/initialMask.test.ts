import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packBits, popcount32, unpackBits, wordsFor } from './bits.ts';
import { initialMask, randomMaskBits } from './initialMask.ts';
import type { MaskLayout } from './initialMask.ts';
import { popcount } from './measure.ts';

/** Layers with gaps between them, as alignment may leave. */
function layout(shapes: readonly (readonly [number, number])[], dense: readonly number[] = [], gap = 0): MaskLayout[] {
  let wordOffset = 0;
  return shapes.map(([out, inputs], i) => {
    const words = wordsFor(out * inputs);
    const layer = { out, in: inputs, maskable: !dense.includes(i), wordOffset, words };
    wordOffset += words + gap;
    return layer;
  });
}

describe('a random mask', () => {
  test('has the frozen bits', () => {
    expect([...randomMaskBits(1, 0, 96, 24)]).toEqual([469798928, 813826081, 2541880405]);
  });

  test('has exactly the count asked for, and no bit past its end', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(9), fc.integer({ min: 1, max: 500 }), fc.nat(500), (seed, layer, size, count) => {
        const bits = randomMaskBits(seed, layer, size, count);
        expect(bits.length).toBe(wordsFor(size));
        expect(popcount(bits)).toBe(Math.min(size, count));
        expect(packBits(unpackBits(bits, size))).toEqual(bits);
      }),
    );
  });

  test('of a smaller count is part of that of a larger one', () => {
    const [few, many] = [randomMaskBits(4, 1, 1000, 100), randomMaskBits(4, 1, 1000, 300)];
    few.forEach((word, w) => expect(word & ~many[w]!).toBe(0));
  });

  test('gives every weight the same chance', () => {
    const counts = new Float64Array(64);
    const draws = 4000;
    for (let seed = 0; seed < draws; seed++) unpackBits(randomMaskBits(seed, 0, 64, 16), 64).forEach((bit, i) => { counts[i]! += bit; });
    for (const count of counts) expect(Math.abs(count / draws - 0.25)).toBeLessThan(5 * Math.sqrt((0.25 * 0.75) / draws));
  });

  test('of another layer or seed is another', () => {
    const masks = [[1, 0], [1, 1], [2, 0]].map(([seed, layer]) => randomMaskBits(seed!, layer!, 200, 50).join());
    expect(new Set(masks).size).toBe(3);
  });
});

describe('initialMask', () => {
  const shapes = [[7, 9], [5, 7], [3, 5]] as const;

  test('puts every layer at its place, with its count, and leaves gaps empty', () => {
    const layers = layout(shapes, [], 2);
    const mask = initialMask(layers, { counts: [20, 10, 4], choose: 'random' }, 3);
    expect(layers.map((layer) => popcount(mask, layer.wordOffset, layer.words))).toEqual([20, 10, 4]);
    expect(popcount(mask)).toBe(34);
  });

  test('takes one count a maskable layer, and fills the others', () => {
    const layers = layout(shapes, [0]);
    const mask = initialMask(layers, { counts: [10, 4], choose: 'random' }, 3);
    expect(layers.map((layer) => popcount(mask, layer.wordOffset, layer.words))).toEqual([63, 10, 4]);
    const masked = initialMask(layout(shapes), { counts: [20, 10, 4], choose: 'random' }, 3);
    expect(mask.slice(2)).toEqual(masked.slice(2));
  });

  test('is full where all are chosen', () => {
    expect(popcount(initialMask(layout(shapes), { counts: [63, 35, 15], choose: 'all' }, 3))).toBe(113);
  });
});

test('popcount32 counts bits', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffffff }), (word) => {
      expect(popcount32(word)).toBe(word.toString(2).replaceAll('0', '').length);
      expect(popcount32(word | 0)).toBe(popcount32(word));
    }),
  );
});
