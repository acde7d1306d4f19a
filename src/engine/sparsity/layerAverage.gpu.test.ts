import { describe, expect, test } from 'vitest';
import { runOnce } from '../../node/testRig.ts';
import { layerAverage } from '../kernels/select.ts';
import { randomU32, randomUniformArray } from '../random.ts';
import { layerMean } from './redistribution.ts';

/** How the device holds exponents. */
const BIAS = 512;

/** The device's mean of a layer whose first `active` weights are active, and how many candidates it counted. */
async function meanOf(average: Float32Array, mask: Uint8Array, keys: Uint32Array): Promise<{ bits: number; exponent: number; before: number }> {
  const words = new Uint32Array(Math.ceil(mask.length / 32));
  mask.forEach((on, i) => (words[i >> 5]! |= on << (i & 31)));
  let found = { bits: 0, exponent: 0, before: 0 };
  await runOnce((trace) => trace.dispatch(layerAverage, {
    label: 'mean', params: { layer: 0, first: 0, length: average.length, candidates: keys.length },
    bind: { average: trace.state('average', 'f32', average.length), mask: trace.state('mask', 'bits', words.length * 32), keys: trace.state('keys', 'u32', keys.length), segments: trace.state('segments', 'u32', 2), means: trace.state('means', 'u32', 3) },
  }), { average, mask: words, keys, segments: Uint32Array.of(0, keys.length) }, {}, async (rig) => {
    const [bits = 0, exponent = 0, before = 0] = (await rig.words('means'))[0] ?? [];
    found = { bits, exponent: bits === 0 ? 0 : exponent - BIAS, before };
  });
  return found;
}

// Divisors from 1 to thousands: whole bits to drop, none, and many that come from the remainder one after another.
describe.each([1, 2, 7, 8, 9, 31, 100, 257, 999, 4096])('the mean of a layer of %d active weights', (active) => {
  test.each([1, 1e-20, 1e12])('of size %d has every bit of the reference', async (size) => {
    const length = active + 50;
    const average = randomUniformArray(active, 90, 0, length, -size, size);
    const mask = new Uint8Array(length);
    for (let i = 0; mask.reduce((a, b) => a + b, 0) < active; i++) mask[randomU32(1, 91, active, i) % length] = 1;
    const keys = Uint32Array.from({ length: 70 }, (_, i) => (i % 3 === 0 ? 0 : i));
    expect(await meanOf(average, mask, keys)).toEqual({ ...layerMean(average, mask), before: 46 });
  });
});
