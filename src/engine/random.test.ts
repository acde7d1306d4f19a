import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RANDOM_GOLDEN } from './random.golden.ts';
import { mix32, PURPOSE, randomU32, randomUniform, randomUniformArray } from './random.ts';

const u32 = fc.integer({ min: 0, max: 0xffffffff });

describe('randomU32', () => {
  test.each(RANDOM_GOLDEN)('has the frozen value for $key', ({ key, value }) => {
    expect(randomU32(...key)).toBe(value);
  });

  test('takes its arguments modulo 2^32', () => {
    expect(randomU32(-1, 3, -1, -1)).toBe(randomU32(0xffffffff, 3, 0xffffffff, 0xffffffff));
    expect(randomU32(2 ** 32 + 5, 3, 2 ** 32 + 6, 2 ** 32 + 7)).toBe(randomU32(5, 3, 6, 7));
  });

  test('gives different numbers to all indices of a stream', () => {
    const seen = new Set<number>();
    for (let i = 0; i < 100_000; i++) seen.add(randomU32(9, PURPOSE.mask, 2, i));
    expect(seen.size).toBe(100_000);
  });

  test('every bit is set half of the time, in each of its arguments', () => {
    const samples = 20_000;
    const streams: ((i: number) => number)[] = [
      (i) => randomU32(i, PURPOSE.init, 0, 0),
      (i) => randomU32(1, i, 0, 0),
      (i) => randomU32(1, PURPOSE.init, i, 0),
      (i) => randomU32(1, PURPOSE.init, 0, i),
    ];
    for (const stream of streams) {
      for (let bit = 0; bit < 32; bit++) {
        let ones = 0;
        for (let i = 0; i < samples; i++) ones += (stream(i) >>> bit) & 1;
        // Five standard deviations of a fair coin; the seeds are fixed, so the test never wavers.
        expect(Math.abs(ones - samples / 2)).toBeLessThan(5 * Math.sqrt(samples / 4));
      }
    }
  });

  test('flipping any one bit of any argument flips half of the answer', () => {
    const samples = 500;
    for (let argument = 0; argument < 4; argument++) {
      for (let bit = 0; bit < 32; bit++) {
        let flipped = 0;
        for (let i = 0; i < samples; i++) {
          const key: [number, number, number, number] = [mix32(i), mix32(i + 1000), mix32(i + 2000), mix32(i + 3000)];
          const answer = randomU32(...key);
          key[argument]! ^= 1 << bit;
          let difference = answer ^ randomU32(...key);
          for (; difference !== 0; difference &= difference - 1) flipped++;
        }
        expect(flipped / samples / 32).toBeGreaterThan(0.47);
        expect(flipped / samples / 32).toBeLessThan(0.53);
      }
    }
  });

  test('streams of different purpose, step or seed are not correlated, nor shifted copies', () => {
    const n = 20_000;
    const stream = (seed: number, purpose: number, step: number, shift = 0): Float64Array =>
      Float64Array.from({ length: n }, (_, i) => randomUniform(seed, purpose, step, i + shift) - 0.5);
    const reference = stream(1, PURPOSE.mask, 0);
    const others = [
      ...Object.values(PURPOSE).filter((p) => p !== PURPOSE.mask).map((p) => stream(1, p, 0)),
      ...[1, 2, 3, 100, 65536].map((step) => stream(1, PURPOSE.mask, step)),
      ...[0, 2, 3, 0xffffffff].map((seed) => stream(seed, PURPOSE.mask, 0)),
      ...[1, 2, 7, 64, 1024].map((shift) => stream(1, PURPOSE.mask, 0, shift)),
    ];
    for (const other of others) {
      const correlation = other.reduce((total, value, i) => total + value * reference[i]!, 0) / (n / 12);
      expect(Math.abs(correlation)).toBeLessThan(5 / Math.sqrt(n));
    }
  });
});

describe('randomUniform', () => {
  test('is a multiple of 2^-24 in [0, 1), so the same number in f32', () => {
    fc.assert(
      fc.property(u32, u32, u32, u32, (seed, purpose, step, index) => {
        const value = randomUniform(seed, purpose, step, index);
        return value >= 0 && value < 1 && Math.fround(value) === value && Number.isInteger(value * 2 ** 24);
      }),
    );
  });

  test('has the mean, variance and bin counts of a uniform number', () => {
    const n = 100_000;
    const values = randomUniformArray(11, PURPOSE.init, 0, n);
    const mean = values.reduce((a, b) => a + b, 0) / n;
    const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / n;
    expect(mean).toBeCloseTo(0.5, 2);
    expect(variance).toBeCloseTo(1 / 12, 3);
    const bins = Array.from({ length: 100 }, () => 0);
    for (const value of values) bins[Math.floor(value * 100)]!++;
    const chi2 = bins.reduce((total, count) => total + (count - n / 100) ** 2 / (n / 100), 0);
    // 99 degrees of freedom: mean 99, sd 14.
    expect(chi2).toBeGreaterThan(50);
    expect(chi2).toBeLessThan(170);
  });

  test('the array holds the stream, scaled', () => {
    const values = randomUniformArray(5, PURPOSE.data, 3, 4, -2, 6);
    expect([...values]).toEqual([0, 1, 2, 3].map((i) => Math.fround(-2 + 8 * randomUniform(5, PURPOSE.data, 3, i))));
  });
});

test('the shader names the same purposes', () => {
  const wgsl = readFileSync(new URL('../../shaders/lib/random.wgsl', import.meta.url), 'utf8');
  const found = Object.fromEntries(
    [...wgsl.matchAll(/const PURPOSE_(\w+) = (\d+)u;/g)].map(([, name, value]) => [name!.toLowerCase(), Number(value)]),
  );
  expect(found).toEqual(PURPOSE);
});
