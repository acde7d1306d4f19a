import { describe, expect, it } from 'vitest';
import { runOnce } from '../../node/testRig.ts';
import { randomU32, randomUniformArray } from '../random.ts';
import { packBits } from '../sparsity/bits.ts';
import { dotProducts, layerVariance } from './gradientMeter.ts';

/** Two layers that begin on a block of 64 each; the masks name about a share of their weights. */
async function spreadsOf(lengths: readonly [number, number], share: number, size: number, scale: number): Promise<{ found: [count: number, sum: number][]; wanted: [count: number, sum: number][] }> {
  const offsets = [0, 64 * Math.ceil(lengths[0] / 64)];
  const n = 64 * Math.ceil(((offsets[1] as number) + lengths[1]) / 64);
  const values = randomUniformArray(1, 7, 0, n, -size, 2 * size);
  const bits = Uint8Array.from({ length: n }, (_, i) => (randomU32(2, 8, 0, i) / 2 ** 32 < share ? 1 : 0));
  const wanted = lengths.map((length, l): [number, number] => {
    const kept = Array.from(values.subarray(offsets[l], (offsets[l] as number) + length)).filter((_, i) => bits[(offsets[l] as number) + i] === 1);
    const mean = kept.reduce((a, b) => a + b, 0) / Math.max(1, kept.length);
    return [kept.length, kept.reduce((sum, x) => sum + (scale * (x - mean)) ** 2, 0)];
  });
  let found: [number, number][] = [];
  await runOnce((trace) => trace.dispatch(layerVariance, {
    label: 'variance', params: { layers: 2, scale },
    bind: { values: trace.state('values', 'f32', n), mask: trace.state('mask', 'bits', n), segments: trace.state('segments', 'u32', 4), spreads: trace.state('spreads', 'u32', 4) },
  }), { values, mask: packBits(bits), segments: Uint32Array.from(offsets.flatMap((offset, l) => [offset, lengths[l] as number])) }, {}, async (rig) => {
    const [words] = await rig.words('spreads') as [Uint32Array];
    const floats = new Float32Array(words.buffer);
    found = [0, 1].map((l) => [words[2 * l] as number, floats[2 * l + 1] as number]);
  });
  return { found, wanted };
}

describe('the variance of layers', () => {
  it.each([[[1, 1], 1], [[255, 257], 1], [[1000, 63], 0.3], [[3137, 20_000], 0.02]] as const)('of %j weights of which a share of %d is counted is that of float64', async (lengths, share) => {
    for (const [size, scale] of [[1, 1], [1e-9, 2 ** 32], [1e-4, 2 ** 16]] as const) {
      const { found, wanted } = await spreadsOf(lengths, share, size, scale);
      wanted.forEach(([count, sum], l) => {
        expect(found[l]?.[0]).toBe(count);
        expect(Math.abs((found[l]?.[1] ?? Number.NaN) - sum)).toBeLessThanOrEqual(1e-5 * sum + (count === 1 ? 1e-12 : 0));
      });
    }
  });

  it('is none of what no mask names', async () => {
    expect((await spreadsOf([300, 70], 0, 1, 1)).found).toEqual([[0, 0], [0, 0]]);
  });
});

describe('the products of two vectors', () => {
  it.each([1, 255, 256, 5000])('of %d elements are those of float64, at their place', async (n) => {
    const [a, b] = [randomUniformArray(3, 7, 0, n, -1e-6, 1e-6), randomUniformArray(3, 7, 1, n, -1e-6, 2e-6)];
    const scale = 2 ** 16;
    const dot = (x: Float32Array, y: Float32Array): number => x.reduce((sum, value, i) => sum + scale * value * (scale * (y[i] as number)), 0);
    await runOnce((trace) => trace.dispatch(dotProducts, {
      label: 'products', params: { n, slot: 1, scale }, bind: { a: trace.state('a', 'f32', n), b: trace.state('b', 'f32', n), products: trace.state('products', 'f32', 6) },
    }), { a, b }, {}, async (rig) => {
      const found = await rig.floats('products');
      expect(found.slice(0, 3)).toEqual([0, 0, 0]);
      [dot(a, b), dot(a, a), dot(b, b)].forEach((wanted, i) => expect(Math.abs((found[3 + i] as number) - wanted)).toBeLessThanOrEqual(1e-5 * Math.sqrt(dot(a, a) * dot(b, b))));
    });
  });
});
