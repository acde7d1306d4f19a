import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { regrowCounts, roundCount, ROUNDINGS, shareCount, shareWord, shrinkCounts } from './counts.ts';
import type { RoundingId } from './counts.ts';

const rounding = fc.constantFrom(...(Object.keys(ROUNDINGS) as RoundingId[]));
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

test('rounding follows its name, and forgives what floating point adds', () => {
  expect([2.1, 2.5, 2.9].map((x) => roundCount('trunc', x))).toEqual([2, 2, 2]);
  expect([2.1, 2.5, 2.9].map((x) => roundCount('round', x))).toEqual([2, 3, 3]);
  expect([2.1, 2.5, 2.9].map((x) => roundCount('ceil', x))).toEqual([3, 3, 3]);
  expect(0.07 * 100).toBeGreaterThan(7);
  expect(roundCount('ceil', 0.07 * 100)).toBe(7);
  expect(roundCount('trunc', 0.29 * 100)).toBe(29);
});

test('a share in whole numbers counts as the share itself does, also where it is a little short', () => {
  expect([0, 0.5, 1, 2].map(shareWord)).toEqual([0, 2 ** 31, 2 ** 32 - 1, 2 ** 32 - 1]);
  expect([0.3, 0.07, 1 / 3, 1].map((share) => shareCount('ceil', 300, shareWord(share)))).toEqual([90, 21, 100, 300]);
  expect([0.29, 0.299].map((share) => shareCount('trunc', 100, shareWord(share)))).toEqual([29, 29]);
  expect([0.045, 0.0449].map((share) => shareCount('round', 100, shareWord(share)))).toEqual([5, 4]);
  fc.assert(fc.property(rounding, fc.nat(2 ** 17), fc.integer({ min: 0, max: 1000 }), (id, n, thousandths) => {
    expect(shareCount(id, n, shareWord(thousandths / 1000))).toBe(roundCount(id, (n * thousandths) / 1000));
  }));
  // The largest layer that a selection takes, all of it.
  expect(shareCount('trunc', 2 ** 24, shareWord(1))).toBe(2 ** 24);
});

const layer = fc.integer({ min: 1, max: 400 }).chain((size) =>
  fc.record({
    size: fc.constant(size),
    active: fc.integer({ min: 0, max: size }),
    target: fc.integer({ min: 0, max: size }),
    dropFraction: fc.double({ min: 0, max: 1, noNaN: true }),
    rounding,
    regrowAllowed: fc.boolean(),
  }),
);

describe('an exchange', () => {
  test('ends at the target, with enough candidates to grow', () => {
    fc.assert(
      fc.property(layer, (given) => {
        const { keep, grow } = regrowCounts(given);
        expect(keep + grow).toBe(given.target);
        expect(keep).toBeGreaterThanOrEqual(0);
        expect(keep).toBeLessThanOrEqual(given.active);
        expect(grow).toBeGreaterThanOrEqual(0);
        expect(grow).toBeLessThanOrEqual(given.regrowAllowed ? given.size - keep : given.size - given.active);
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    { name: 'the worked example, rounded down', size: 12, active: 7, target: 7, dropFraction: 0.3, rounding: 'trunc', regrowAllowed: true, expected: { keep: 5, grow: 2 } },
    { name: 'the worked example, rounded up', size: 12, active: 7, target: 7, dropFraction: 0.3, rounding: 'ceil', regrowAllowed: true, expected: { keep: 4, grow: 3 } },
    { name: 'a lower target', size: 100, active: 50, target: 20, dropFraction: 0.5, rounding: 'trunc', regrowAllowed: true, expected: { keep: 10, grow: 10 } },
    { name: 'a higher target', size: 100, active: 20, target: 50, dropFraction: 0.5, rounding: 'trunc', regrowAllowed: true, expected: { keep: 10, grow: 40 } },
    { name: 'a full layer whose weights may return', size: 10, active: 10, target: 10, dropFraction: 0.3, rounding: 'trunc', regrowAllowed: true, expected: { keep: 7, grow: 3 } },
    { name: 'a full layer whose weights may not return', size: 10, active: 10, target: 10, dropFraction: 0.3, rounding: 'trunc', regrowAllowed: false, expected: { keep: 10, grow: 0 } },
  ] as const)('of $name', ({ name: _name, expected, ...given }) => {
    expect(regrowCounts(given)).toEqual(expected);
  });
});

test('a removal meets the total whenever no layer has lost too much, and gives nothing back', () => {
  const pair = fc.array(fc.tuple(fc.nat(50), fc.nat(50)), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(pair, (pairs) => {
      const [target, active] = [pairs.map(([t]) => t), pairs.map(([, a]) => a)];
      const { keep, grow } = shrinkCounts(target, active);
      expect(sum(keep)).toBe(Math.min(sum(target), sum(active)));
      keep.forEach((count, i) => expect(count).toBeLessThanOrEqual(active[i]!));
      expect(sum(grow)).toBe(0);
    }),
  );
});
