import { beforeAll, expect, it } from 'vitest';
import { testDevice, underScopes } from '../../node/testDevice.ts';
import { loadDataset } from '../data/index.ts';
import type { Gpu } from '../gpu/device.ts';
import { readNow } from '../gpu/readback.ts';
import { initialParams } from '../nn/layout.ts';
import { packBits, unpackBits } from '../sparsity/bits.ts';
import { selectTop } from '../sparsity/topk.ts';
import type { Arm } from './arm.ts';
import { experimentFrom } from './defaults.ts';
import type { Experiment } from './experiment.ts';
import { createNetworks, type Networks } from './network.ts';
import { openSlice } from './slices.ts';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await testDevice();
});

const STEPS = 30;
const DENSITIES = [1, 0.5, 0.2];
const experiment: Experiment = experimentFrom({
  preset: 'lottery-mnist', seed: 6, data: { set: 'moons', batch: 32, noise: 0.1, samples: 200 }, model: { hidden: [24, 16] },
  phases: DENSITIES.map((density) => ({
    steps: STEPS, entry: density === 1 ? 'keep' : 'prune-rewind', optimizerState: 'reset', optimizer: { rate: 0.1, momentum: 0.9 }, sparsity: { method: 'imp', density },
  })),
  beside: { random: true, dense: true },
});

/** All parameters, optimizer slots, and one flag for each weight of the masked layers, whether in the mask. */
interface Held {
  params: Float32Array;
  slots: Float32Array;
  mask: Uint8Array;
}

async function held(networks: Networks, arm: Arm): Promise<Held> {
  const parts = ['params', 'slots', 'masks'].map((name) => ({ buffer: arm.state.buffer(name), offset: 0, bytes: arm.state.buffer(name).size }));
  const [params, slots, masks] = await readNow(gpu.device, networks.arena, parts) as [ArrayBuffer, ArrayBuffer, ArrayBuffer];
  return { params: new Float32Array(params), slots: new Float32Array(slots), mask: unpackBits(new Uint32Array(masks), arm.layout.masked) };
}

/** Enters a phase as a run does; what each arm holds then, and after the steps of the phase. */
async function round(networks: Networks, phase: number): Promise<{ entered: Held[]; trained: Held[] }> {
  await networks.enterPhase(phase);
  for (const arm of networks.arms) await arm.begin(networks.workspace());
  const all = (): Promise<Held[]> => Promise.all(networks.arms.map((arm) => held(networks, arm)));
  const entered = await all();
  for (let step = phase * STEPS; step < (phase + 1) * STEPS; step++) {
    const slice = openSlice(gpu, networks.workspace());
    for (const arm of networks.arms) {
      const { program, knobs } = arm.next(step);
      slice.run(program, knobs);
    }
    slice.submit();
  }
  return { entered, trained: await all() };
}

it('each round keeps the largest trained weights of each layer, back at their initial values; the random control draws, the dense twin keeps all', () => underScopes(gpu, async () => {
  const networks = createNetworks(gpu, experiment, await loadDataset(experiment.data, experiment.seed, () => Promise.reject(new Error('no files'))));
  const { layout } = networks.arms[0] as Arm;
  const initial = initialParams(layout, experiment.seed);
  let before = await round(networks, 0);
  expect(before.entered[0]!.params).toEqual(initial);
  for (const phase of [1, 2]) {
    const now = await round(networks, phase);
    const [ticket, random, dense] = now.entered as [Held, Held, Held];
    for (const [arm, { params, slots, mask }] of now.entered.entries()) {
      expect(params).toEqual(initial.map((w, i) => (i < layout.masked && !mask[i] ? 0 : w)));
      expect(slots.every((s) => s === 0)).toBe(true);
      expect(mask.every((flag, i) => flag <= before.trained[arm]!.mask[i]!)).toBe(true);
    }
    for (const { offset, length } of layout.layers) {
      const of = ({ mask }: Held): Uint8Array => mask.subarray(offset, offset + length);
      const trained = before.trained[0]!.params.slice(offset, offset + length);
      // Bits of |w| + 1, and 0 outside the mask, as the device ranks them.
      const keys = Uint32Array.from(new Uint32Array(trained.buffer), (bits, i) => (before.trained[0]!.mask[offset + i] ? (bits & 0x7fffffff) + 1 : 0));
      const count = Math.round(DENSITIES[phase]! * length);
      expect(packBits(of(ticket))).toEqual(packBits(selectTop(keys, count)));
      expect(of(random).reduce((a, b) => a + b)).toBe(count);
      expect(packBits(of(random))).not.toEqual(packBits(of(ticket)));
      expect(of(dense).every((flag) => flag === 1)).toBe(true);
    }
    before = now;
  }
  networks.destroy();
}));
