import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SAMPLER_GOLDEN } from './samplers.golden.ts';
import { epochAndPosition, indices, SAMPLERS } from './samplers.ts';
import type { SamplerId } from './samplers.ts';

const names = Object.keys(SAMPLERS) as SamplerId[];

test.each(SAMPLER_GOLDEN)('$sampler has its frozen indices for $range', ({ sampler, range, indices: frozen }) => {
  expect([...indices(sampler, range)]).toEqual(frozen);
});

describe('permutation', () => {
  const isPermutation = (order: Uint32Array): boolean => [...order].sort((a, b) => a - b).every((v, i) => v === i);

  test('visits every index exactly once an epoch, for sizes 1 to 300 and 10,000', () => {
    for (const size of [...Array.from({ length: 300 }, (_, i) => i + 1), 10_000]) {
      for (const epoch of [0, 1, 7]) {
        expect(isPermutation(indices('permutation', { seed: 3, cursor: epoch * size, count: size, size }))).toBe(true);
      }
    }
  });

  test('has another order each epoch and each seed', () => {
    const orders = [0, 1, 2].flatMap((seed) =>
      [0, 1, 2].map((epoch) => indices('permutation', { seed, cursor: epoch * 50, count: 50, size: 50 }).join()),
    );
    expect(new Set(orders).size).toBe(9);
  });

  test('puts every index in every place about equally often', () => {
    const size = 10;
    const epochs = 20_000;
    const order = indices('permutation', { seed: 2, cursor: 0, count: size * epochs, size });
    const table = new Float64Array(size * size);
    order.forEach((index, i) => table[(i % size) * size + index]!++);
    const expected = epochs / size;
    const chi2 = table.reduce((total, count) => total + (count - expected) ** 2 / expected, 0);
    // 81 degrees of freedom: mean 81, sd 13.
    expect(chi2).toBeLessThan(160);
  });

  test('does not keep neighbours together', () => {
    const size = 10_000;
    const order = indices('permutation', { seed: 4, cursor: 0, count: size, size });
    let neighbours = 0;
    for (let i = 1; i < size; i++) if (Math.abs(order[i]! - order[i - 1]!) === 1) neighbours++;
    // Two are expected of a random order.
    expect(neighbours).toBeLessThan(12);
  });
});

describe('every sampler', () => {
  test('gives the same stream however it is cut into batches, across epochs', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...names), fc.nat(), fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 90 }), fc.nat(1000),
        (sampler, seed, size, batch, start) => {
          const whole = indices(sampler, { seed, cursor: start, count: 3 * batch, size });
          const parts = [0, 1, 2].flatMap((i) => [...indices(sampler, { seed, cursor: start + i * batch, count: batch, size })]);
          expect(parts).toEqual([...whole]);
        },
      ),
    );
  });

  test('stays inside the set, at cursors past 2^32 too', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.nat(), fc.integer({ min: 1, max: 2 ** 30 }), fc.nat(2 ** 31 - 1),
        (sampler, seed, size, high) => {
          const cursor = high * 2 ** 20;
          expect(indices(sampler, { seed, cursor, count: 5, size }).every((i) => i < size)).toBe(true);
        },
      ),
    );
  });

  test('counts from epoch and position as the shader does: the offset may pass the end of the epoch', () => {
    const [size, cursor, count] = [37, 37 * 4 + 30, 100];
    const { epoch, position } = epochAndPosition(cursor, size);
    for (const sampler of names) {
      const { at } = SAMPLERS[sampler];
      const onDevice = Array.from({ length: count }, (_, i) =>
        at(8, epoch + Math.floor((position + i) / size), (position + i) % size, size));
      expect([...indices(sampler, { seed: 8, cursor, count, size })]).toEqual(onDevice);
    }
  });
});

test('an unknown sampler names the known ones, also for names of Object', () => {
  for (const name of ['shuffle', 'toString']) {
    expect(() => indices(name, { seed: 1, cursor: 0, count: 1, size: 1 })).toThrow(/known: permutation, sequential, replacement/);
  }
  expect(() => indices('permutation', { seed: 1, cursor: 0, count: 1, size: 0 })).toThrow(RangeError);
});

test('the shader numbers the samplers alike', () => {
  const wgsl = readFileSync(new URL('../../../shaders/lib/sampler.wgsl', import.meta.url), 'utf8');
  const found = Object.fromEntries(
    [...wgsl.matchAll(/const SAMPLER_(\w+) = (\d+)u;/g)].map(([, name, code]) => [name!.toLowerCase(), Number(code)]),
  );
  expect(found).toEqual(Object.fromEntries(names.map((name) => [name, SAMPLERS[name].code])));
});
