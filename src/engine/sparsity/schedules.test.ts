import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CURVES, densityAt, dropFractionAt, isUpdateStep, updateBounds } from './schedules.ts';
import type { CurveId } from './schedules.ts';

describe('a cubic density', () => {
  const tenths = Array.from({ length: 11 }, (_, i) => i);
  test.each([
    { initial: 1, final: 0.1, sparsity: [0, 0.2439, 0.4392, 0.5913, 0.7056, 0.7875, 0.8424, 0.8757, 0.8928, 0.8991, 0.9] },
    { initial: 0.5, final: 0.1, sparsity: [0.5, 0.6084, 0.6952, 0.7628, 0.8136, 0.85, 0.8744, 0.8892, 0.8968, 0.8996, 0.9] },
    { initial: 0.5, final: 0.05, sparsity: [0.5, 0.62195, 0.7196, 0.79565, 0.8528, 0.89375, 0.9212, 0.93785, 0.9464, 0.94955, 0.95] },
  ])('goes from $initial to $final as in the table', ({ initial, final, sparsity }) => {
    for (const step of tenths) {
      const density = densityAt({ curve: 'polynomial', initial, final, start: 0, end: 10 }, step);
      expect(1 - density).toBeCloseTo(sparsity[step]!, 10);
    }
  });

  test('with a lead of one is that of jaxpruner', () => {
    const at = (final: number, start: number, end: number, step: number): number =>
      1 - densityAt({ curve: 'polynomial', initial: 1, final, start, end, lead: 1 }, step);
    const expected: [number, number][] = [[0, 0.128363], [5, 0.5913], [10, 0.817987], [15, 0.8928], [19, 0.9]];
    for (const [step, sparsity] of expected) expect(at(0.1, 0, 20, step)).toBeCloseTo(sparsity, 6);
    expect(at(0.5, 0, 20, 9)).toBeCloseTo(0.4375, 12);
  });
});

describe('every curve', () => {
  test('starts and ends where it should, and never rises on the way down', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...(Object.keys(CURVES) as CurveId[])), fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(500), fc.integer({ min: 1, max: 500 }),
        (curve, a, b, start, length) => {
          const schedule = { curve, initial: Math.max(a, b), final: Math.min(a, b), start, end: start + length };
          let last = Number.POSITIVE_INFINITY;
          for (let step = 0; step <= start + length + 5; step += 3) {
            const density = densityAt(schedule, step);
            expect(density).toBeLessThanOrEqual(last);
            expect(density).toBeGreaterThanOrEqual(schedule.final - 1e-12);
            expect(density).toBeLessThanOrEqual(schedule.initial + 1e-12);
            last = density;
          }
          expect(densityAt(schedule, start + length)).toBe(schedule.final);
          if (curve !== 'constant') expect(densityAt(schedule, start)).toBeCloseTo(schedule.initial, 12);
        },
      ),
    );
  });

  test('has its shape: halfway, linear and cosine are halfway, the cubic has an eighth to go', () => {
    expect(CURVES.linear(0.5)).toBe(0.5);
    expect(CURVES.cosine(0.5)).toBeCloseTo(0.5, 15);
    expect(CURVES.polynomial(0.5, 3)).toBe(0.125);
    expect(CURVES.constant()).toBe(0);
    expect([0, 0.999, 1].map(CURVES['one-shot'])).toEqual([1, 1, 0]);
  });
});

describe('the drop fraction', () => {
  const quarters = [0, 25, 50, 75, 100];
  test.each([
    { decay: 'cosine', initial: 0.5, floor: 0.005, expected: [0.5, 0.427509, 0.2525, 0.077491, 0.005] },
    { decay: 'cosine', initial: 0.3, floor: 0, expected: [0.3, 0.256066, 0.15, 0.043934, 0] },
    { decay: 'linear', initial: 0.3, floor: 0.1, expected: [0.3, 0.25, 0.2, 0.15, 0.1] },
    { decay: 'constant', initial: 0.3, floor: 0.1, expected: [0.3, 0.3, 0.3, 0.3, 0.3] },
    { decay: 'cosine', initial: 0, floor: 0.005, expected: [0, 0, 0, 0, 0] },
  ] as const)('decays as $decay from $initial to $floor', ({ decay, initial, floor, expected }) => {
    quarters.forEach((step, i) => {
      expect(dropFractionAt({ decay, initial, floor, start: 0, end: 100 }, step)).toBeCloseTo(expected[i]!, 6);
    });
  });
});

describe('updates', () => {
  test('fall on multiples of the period inside the window', () => {
    const steps = Array.from({ length: 61 }, (_, i) => i);
    expect(steps.filter((step) => isUpdateStep({ start: 5, end: 50, period: 10 }, step))).toEqual([10, 20, 30, 40, 50]);
    expect(steps.filter((step) => isUpdateStep({ start: 0, end: 25, period: 10 }, step))).toEqual([0, 10, 20]);
    expect(steps.filter((step) => isUpdateStep({ start: 41, end: 49, period: 10 }, step))).toEqual([]);
  });

  test('have as bounds the first and the last of them', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.integer({ min: -1, max: 80 }), fc.integer({ min: 1, max: 30 }), (start, end, period) => {
        const steps = Array.from({ length: 100 }, (_, i) => i).filter((step) => isUpdateStep({ start, end, period }, step));
        const bounds = steps.length === 0 ? undefined : { first: steps[0], last: steps.at(-1) };
        expect(updateBounds({ start, end, period })).toEqual(bounds);
      }),
    );
  });
});
