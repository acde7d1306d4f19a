import { expect, test } from 'vitest';
import { packBits } from '../sparsity/bits.ts';
import type { ParamLayout } from '../nn/layout.ts';
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts';
import { experimentFrom } from './defaults.ts';
import { prunedCheckpoint } from './prunedCheckpoint.ts';

const experiment = experimentFrom({ preset: 'rigl-moons', phases: [{ steps: 5, sparsity: { method: 'rigl' } }] });

/** Two layers of four and of three weights, a word of mask bits each, and a bias behind them. */
const layout = { n: 65, masked: 64, layers: [{ offset: 0, length: 4 }, { offset: 32, length: 3 }] } as unknown as ParamLayout;

function saved(): Uint8Array {
  const params = new Float32Array(65);
  params.set([0.4, -0.1, 0.3, 0], 0);
  params.set([0.2, -0.2, 5], 32);
  params[64] = 9;
  const mask = new Uint8Array(64);
  mask.set([1, 1, 1, 0], 0);
  mask.set([1, 1, 1], 32);
  const bits = packBits(mask);
  const masks = Uint32Array.of(...bits, 0, 0, 0, 0, 8, 0);
  const kept = { active: [3, 3], updates: 2, optimizerStart: 0, rate: 0.1, knobs: {}, forceUpdate: false };
  const raw = (array: Float32Array | Uint32Array): Uint8Array => new Uint8Array(array.buffer);
  return encodeCheckpoint({ experiment, step: 5, phase: 0, arms: [{ id: 'main', kept, buffers: { params: raw(params), masks: raw(masks), slots: new Uint8Array(8) } }] });
}

test('each layer loses its smallest weights, rounded up, ties from the end; the rest is as it was', () => {
  const { bytes, left } = prunedCheckpoint(saved(), experiment, layout, 1 / 3);
  const [before, after] = [decodeCheckpoint(saved()), decodeCheckpoint(bytes)];
  const masks = new Uint32Array(after.arms[0]!.buffers.masks!.buffer);
  // Index 1 goes from the first layer; from the second index 1, as large as index 0.
  expect([...masks]).toEqual([0b101, 0b101, 0b111, 0b111, 0, 0, 0b1111, 0b111]);
  expect([left, after.arms[0]!.kept.active, after.step, after.phase]).toEqual([4, [2, 2], 5, 0]);
  expect(after.arms[0]!.buffers.params).toEqual(before.arms[0]!.buffers.params);
});

test('shares from none to all', () => {
  expect([0, 0.34, 0.5, 1].map((share) => prunedCheckpoint(saved(), experiment, layout, share).left)).toEqual([6, 2, 2, 0]);
});

test('a checkpoint of another network is refused', () => {
  expect(() => prunedCheckpoint(saved(), experiment, { ...layout, n: 129 }, 0.5)).toThrow('another size');
});
