import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { unpackBits } from './bits.ts';
import { groupMatrix, grouped, SINGLE_WEIGHTS } from './granularity.ts';
import { initialMask } from './initialMask.ts';
import { AXES, keptOfGroup, keptOfMatrix, keptOfSquare, type NmPattern, patternOf } from './pattern.ts';
import { chooseByPattern, squares, TRANSPOSABLE_2_OF_4 } from './patternChoice.ts';
import { METHODS } from './methods/index.ts';
import { defaultKnobs } from './knobs.ts';
import { loadUnits } from './units.ts';

beforeAll(() => loadUnits({ granularity: 'nm' }));

/** Keys of magnitudes. */
const keysOf = (weights: readonly number[]): Uint32Array => new Uint32Array(Float32Array.from(weights, Math.abs).buffer).map((bits) => bits + 1);
const chosen = (weights: readonly number[], rows: number, columns: number, pattern: NmPattern): string => chooseByPattern(keysOf(weights), { rows, columns }, pattern).join('');
const along = (n: number, m: number, axis: NmPattern['axis'] = 'in'): NmPattern => ({ n, m, axis });

describe('N of M', () => {
  const w = [0.1, -0.8, 0.3, 0.05, -0.4, 0.6, 0.2, -0.7];

  test.each([[2, 4, '01100101'], [1, 4, '01000001'], [4, 8, '01001101'], [2, 8, '01000001'], [1, 8, '01000000']] as const)('%i:%i of eight weights', (n, m, mask) => {
    expect(chosen(w, 1, 8, along(n, m))).toBe(mask);
    expect(chosen(w, 8, 1, along(n, m, 'out'))).toBe(mask);
  });

  const SQUARE = [4, -1, 2, 3, 1, 5, -2, -6, -7, 2, 1, 3, 2, -3, 8, -4];

  test('along inputs and along outputs, ties to the lower index', () => {
    expect(chosen(SQUARE, 4, 4, along(2, 4))).toBe('1001010110010011');
    expect(chosen(SQUARE, 4, 4, along(2, 4, 'out'))).toBe('1010010110000111');
  });

  test('the last group keeps as large a share, rounded up', () => {
    expect([1, 2, 3].map((size) => keptOfGroup({ n: 2, m: 4 }, size))).toEqual([1, 1, 2]);
    expect([1, 5, 8, 9, 15].map((size) => keptOfGroup({ n: 2, m: 16 }, size))).toEqual([1, 1, 1, 2, 2]);
    expect(chosen([5, 4, 3, 2, 1, 2, 3], 1, 7, along(2, 4))).toBe('1100011');
  });
});

describe('a transposable pattern', () => {
  test('2:4 has 90 patterns, of which the best is taken', () => {
    expect(TRANSPOSABLE_2_OF_4).toHaveLength(90);
    const weights = [4, -1, 2, 3, 1, 5, -2, -6, -7, 2, 1, 3, 2, -3, 8, -4];
    const flags = chooseByPattern(keysOf(weights), { rows: 4, columns: 4 }, along(2, 4, 'both'));
    expect(weights.reduce((sum, v, i) => sum + Math.abs(v) * flags[i]!, 0)).toBe(38);
  });

  test('holds as many as its rows and columns allow, none of them more than its share', () => {
    const matrix = fc.record({ n: fc.integer({ min: 1, max: 8 }), m: fc.integer({ min: 1, max: 8 }), rows: fc.integer({ min: 1, max: 19 }), columns: fc.integer({ min: 1, max: 19 }), seed: fc.integer({ min: 1, max: 1000 }) });
    fc.assert(fc.property(matrix, ({ n, m, rows, columns, seed }) => {
      const pattern = along(Math.min(n, m), m, 'both');
      const flags = chooseByPattern(keysOf(Array.from({ length: rows * columns }, (_, i) => Math.sin(seed * (i + 1)))), { rows, columns }, pattern);
      const at = (r: number, c: number): number => flags[r * columns + c]!;
      for (const { row, column, height, width } of squares(m, rows, columns)) {
        const rowSums = Array.from({ length: height }, (_, r) => Array.from({ length: width }, (_, c) => at(row + r, column + c)).reduce((a, b) => a + b, 0));
        const columnSums = Array.from({ length: width }, (_, c) => Array.from({ length: height }, (_, r) => at(row + r, column + c)).reduce((a, b) => a + b, 0));
        expect(rowSums.reduce((a, b) => a + b, 0)).toBe(keptOfSquare(pattern, height, width));
        expect(Math.max(...rowSums)).toBeLessThanOrEqual(keptOfGroup(pattern, width));
        expect(Math.max(...columnSums)).toBeLessThanOrEqual(keptOfGroup(pattern, height));
      }
      expect(flags.reduce((a, b) => a + b, 0)).toBe(keptOfMatrix(pattern, { rows, columns }));
    }));
  });
});

describe('masks that keep N of M', () => {
  const masks = { ...SINGLE_WEIGHTS, granularity: 'nm' as const, n: 3, m: 8 };
  const layers = [{ name: 'a', out: 17, in: 37, maskable: true, wordOffset: 0, words: 20 }, { name: 'b', out: 10, in: 16, maskable: true, wordOffset: 20, words: 5 }];

  test.each(AXES.flatMap((axis) => (['1', '4', '8', '16'] as const).map((share) => ({ axis, share }))))('begin so at random, along $axis, shared by $share', ({ axis, share }) => {
    const own = { ...masks, axis, share };
    const mask = initialMask(layers, { counts: [1, 1], choose: 'random' }, 3, own);
    for (const layer of layers) {
      const flags = unpackBits(mask, layer.out * layer.in, layer.wordOffset);
      const { rows, columns } = groupMatrix(own, layer);
      const [down, across] = [axis === 'in' ? Number(share) : 1, axis === 'out' ? Number(share) : 1];
      const candidates = Array.from({ length: rows * columns }, (_, i) => flags[Math.floor(i / columns) * down * layer.in + (i % columns) * across]!);
      expect(flags.every((flag, i) => flag === candidates[Math.floor(Math.floor(i / layer.in) / down) * columns + Math.floor((i % layer.in) / across)])).toBe(true);
      expect(candidates.reduce((a, b) => a + b, 0)).toBe(keptOfMatrix({ n: 3, m: 8, axis }, { rows, columns }));
      expect(chooseByPattern(Uint32Array.from(candidates), { rows, columns }, { n: 3, m: 8, axis })).toEqual(Uint8Array.from(candidates));
    }
  });

  test('are planned as all weights, or as many as the pattern keeps', () => {
    const plan = METHODS['one-shot'].plan({ layers: grouped(layers, masks), steps: 10, knobs: { ...defaultKnobs(METHODS['one-shot'].card.knobs), density: 0.01 } });
    expect(plan.initial()).toEqual({ counts: [17 * 37, 160], choose: 'all' });
    expect(plan.target(9)).toEqual([17 * (12 + 2), 60]);
    expect(plan.scope).toBe('layer');
  });

  test('keep no more than there are, and share no transposable pattern', () => {
    expect(patternOf({ ...masks, n: 9, m: 4 })).toEqual({ n: 4, m: 4, axis: 'in' });
    expect(groupMatrix({ ...masks, axis: 'both', share: '8' }, { out: 17, in: 37 })).toEqual({ rows: 17, columns: 37 });
  });
});
