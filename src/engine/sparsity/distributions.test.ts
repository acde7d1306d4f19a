import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DISTRIBUTIONS, exactCounts, isMaskable, layerCounts, layerDensities } from './distributions.ts';
import type { Dims, DistributionId } from './distributions.ts';

const lenet: Dims[] = [[300, 784], [100, 300], [10, 100]];
const conv: Dims[] = [[16, 1, 3, 3], [32, 16, 3, 3], [64, 32, 3, 3], [10, 64]];
const block: Dims[] = [[128, 128], [128, 128], [128, 128], [128, 128], [512, 128], [128, 512]];
const small: Dims[] = [[2, 4], [3, 6], [2, 4, 6]];

// Worked out from the formulas with an independent script; densities to 6 digits.
const table: { name: string; id: DistributionId; shapes: Dims[]; density: number; power?: number; expected: number[] }[] = [
  { name: 'LeNet-300-100', id: 'erk', shapes: lenet, density: 0.5, expected: [0.434099, 1, 1] },
  { name: 'LeNet-300-100', id: 'erk', shapes: lenet, density: 0.2, expected: [0.162241, 0.469362, 1] },
  { name: 'LeNet-300-100', id: 'erk', shapes: lenet, density: 0.1, expected: [0.079568, 0.230189, 1] },
  { name: 'LeNet-300-100', id: 'erk', shapes: lenet, density: 0.05, expected: [0.038484, 0.111334, 0.918507] },
  { name: 'LeNet-300-100', id: 'erk', shapes: lenet, density: 0.02, expected: [0.015394, 0.044534, 0.367403] },
  { name: 'a small CNN', id: 'erk', shapes: conv, density: 0.2, expected: [1, 0.299038, 0.141213, 1] },
  { name: 'a small CNN', id: 'erk', shapes: conv, density: 0.1, expected: [1, 0.120072, 0.056701, 1] },
  { name: 'a small CNN', id: 'erk', shapes: conv, density: 0.05, expected: [0.75202, 0.055175, 0.026055, 0.544397] },
  { name: 'a small CNN', id: 'er', shapes: conv, density: 0.1, expected: [1, 0.153175, 0.076588, 0.188916] },
  { name: 'a transformer block', id: 'erk', shapes: block, density: 0.25, expected: [0.333333, 0.333333, 0.333333, 0.333333, 0.208333, 0.208333] },
  { name: 'a transformer block', id: 'erk', shapes: block, density: 0.1, expected: [0.133333, 0.133333, 0.133333, 0.133333, 0.083333, 0.083333] },
  { name: 'three small tensors', id: 'erk', shapes: small, density: 0.5, expected: [1, 0.690476, 0.345238] },
  { name: 'three small tensors', id: 'erk', shapes: small, density: 0.2, expected: [0.411111, 0.274074, 0.137037] },
  { name: 'three small tensors, squared', id: 'erk', shapes: small, density: 0.5, power: 2, expected: [1, 0.966667, 0.241667] },
  { name: 'LeNet-300-100', id: 'erk-plus', shapes: lenet, density: 0.1, expected: [0.0795678, 0.2301887, 1] },
  { name: 'LeNet-300-100', id: 'erk-plus', shapes: lenet, density: 0.02, expected: [0.0134290, 0.0388500, 1] },
  { name: 'LeNet-300-100', id: 'uniform-plus', shapes: lenet, density: 0.1, expected: [0.0996229, 0.0996229, 0.2] },
  { name: 'LeNet-300-100', id: 'uniform-plus', shapes: lenet, density: 0.5, expected: [0.5, 0.5, 0.5] },
  { name: 'a small CNN', id: 'uniform-plus', shapes: conv, density: 0.1, expected: [1, 0.0915972, 0.0915972, 0.2] },
  { name: 'one layer, less than a fifth', id: 'erk-plus', shapes: [[10, 100]], density: 0.05, expected: [0.05] },
  { name: 'anything', id: 'uniform', shapes: lenet, density: 0.05, expected: [0.05, 0.05, 0.05] },
];

describe('layerDensities', () => {
  test.each(table)('$id of $name at $density', ({ id, shapes, density, power, expected }) => {
    const densities = layerDensities(id, shapes, density, power);
    densities.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6));
  });

  test('ERK gives a sparse layer weights in proportion to the sum of its dimensions', () => {
    const [fc1, fc2] = layerDensities('erk', lenet, 0.1);
    expect((fc1! * 300 * 784) / (300 + 784)).toBeCloseTo(17.264151, 6);
    expect((fc2! * 100 * 300) / (100 + 300)).toBeCloseTo(17.264151, 6);
  });

  test('ER is the rule of SET: epsilon (n_in + n_out) weights a layer', () => {
    const density = (20 * (3072 + 4000)) / (3072 * 4000);
    expect(density).toBeCloseTo(0.01151, 5);
    expect(layerDensities('er', [[4000, 3072]], density)[0]).toBeCloseTo(density, 12);
  });
});

const shape = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 2, maxLength: 4 });
const shapes = fc.array(shape, { minLength: 1, maxLength: 6 });
const distribution = fc.constantFrom(...(Object.keys(DISTRIBUTIONS) as DistributionId[]));
const density = fc.double({ min: 0.001, max: 1, noNaN: true });
const size = (dims: Dims): number => dims.reduce((a, b) => a * b, 1);
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

describe('layerCounts', () => {
  test('is whole, inside every layer, never empty, and exact in total', () => {
    fc.assert(
      fc.property(distribution, shapes, density, fc.constantFrom(0.5, 1, 2), (id, dims, d, power) => {
        const counts = layerCounts(id, dims, d, power);
        const total = sum(dims.map(size));
        expect(sum(counts)).toBe(Math.max(dims.length, Math.round(d * total)));
        counts.forEach((count, i) => {
          expect(Number.isInteger(count)).toBe(true);
          expect(count).toBeGreaterThanOrEqual(1);
          expect(count).toBeLessThanOrEqual(size(dims[i]!));
        });
      }),
    );
  });

  test('is within one weight of the real share where no layer had to be kept from being empty', () => {
    fc.assert(
      fc.property(distribution, shapes, density, (id, dims, d) => {
        const ideal = layerDensities(id, dims, d).map((value, i) => value * size(dims[i]!));
        fc.pre(ideal.every((value) => value >= 1));
        layerCounts(id, dims, d).forEach((count, i) => expect(Math.abs(count - ideal[i]!)).toBeLessThanOrEqual(1 + 1e-6));
      }),
    );
  });

  test('is all of them at density 1 and none at 0', () => {
    for (const id of Object.keys(DISTRIBUTIONS) as DistributionId[]) {
      expect(layerCounts(id, conv, 1)).toEqual(conv.map(size));
      expect(layerCounts(id, conv, 0)).toEqual([0, 0, 0, 0]);
    }
  });

  test('of LeNet-300-100 with ERK at 10 % is the table, rounded', () => {
    expect(layerCounts('erk', lenet, 0.1)).toEqual([18714, 6906, 1000]);
    expect(layerCounts('erk', lenet, 0.05)).toEqual([9051, 3340, 919]);
  });

  test('of no layers is empty', () => {
    expect(layerCounts('erk', [], 0.5)).toEqual([]);
  });
});

describe('exactCounts', () => {
  test('gives what is left to the largest remainders, ties to the lower index', () => {
    expect(exactCounts([0.25, 0.25, 0.25], [10, 10, 10], 8)).toEqual([3, 3, 2]);
    expect(exactCounts([0.21, 0.29, 0.25], [10, 10, 10], 7)).toEqual([2, 3, 2]);
  });

  test('takes the weight that keeps a layer from being empty from the fullest share', () => {
    expect(exactCounts([0.01, 0.5], [10, 10], 5)).toEqual([1, 4]);
  });

  test('leaves a layer without weights empty', () => {
    expect(exactCounts([0, 0.5], [0, 10], 5)).toEqual([0, 5]);
  });
});

test('layers that a switch keeps dense are not maskable', () => {
  const maskable = (knobs: Record<string, boolean>): boolean[] => [0, 1, 2].map((i) => isMaskable(i, 3, knobs));
  expect(maskable({})).toEqual([true, true, true]);
  expect(maskable({ denseFirst: true })).toEqual([false, true, true]);
  expect(maskable({ denseLast: true })).toEqual([true, true, false]);
  expect(isMaskable(0, 1, { denseLast: true })).toBe(false);
});
