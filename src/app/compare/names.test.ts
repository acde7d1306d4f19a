import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memorableName } from './names.ts';

describe('names of runs', () => {
  test('follow from the seed alone, in two words', () => {
    fc.assert(fc.property(fc.string(), (seed) => {
      expect(memorableName(seed)).toBe(memorableName(seed));
      expect(memorableName(seed)).toMatch(/^[a-z]+ [a-z]+$/);
    }));
  });

  test('spread over all 4,096: of 200 hashes that differ in one digit, few share a name', () => {
    const names = Array.from({ length: 200 }, (_, i) => memorableName(`${'0'.repeat(60)}${i.toString(16).padStart(4, '0')}`));
    // The expected number of pairs is 200 * 199 / 2 / 4096 = 4.9.
    expect(new Set(names).size).toBeGreaterThan(185);
    expect(new Set(names.map((name) => name.split(' ')[0])).size).toBeGreaterThan(50);
    expect(new Set(names.map((name) => name.split(' ')[1])).size).toBeGreaterThan(50);
  });
});
