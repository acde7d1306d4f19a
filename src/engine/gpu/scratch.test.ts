import { expect, test } from 'vitest';
import { pseudoRandom } from './scratch.ts';

/** What a 16-bit float of these bits is (IEEE 754 binary16). */
function half(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  const size = exponent === 0 ? fraction * 2 ** -24 : exponent === 31 ? (fraction === 0 ? Infinity : NaN) : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return bits & 0x8000 ? -size : size;
}

test('random 16-bit floats are finite, within (-1, 1) and not all alike; some are exactly 0', () => {
  const values = [...new Uint16Array(pseudoRandom('f16', 4001, 1).buffer)].map(half);
  expect(values).toHaveLength(4002);
  expect(values.every((v) => Math.abs(v) < 1)).toBe(true);
  expect(new Set(values).size).toBeGreaterThan(2000);
  expect([values.filter((v) => v < 0).length, values.filter((v) => v > 0).length].every((n) => n > 1000)).toBe(true);
  expect(values.filter((v) => v === 0).length).toBeGreaterThan(300);
});
