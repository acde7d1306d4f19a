import { beforeAll, describe, expect, it } from 'vitest';
import { testDevice, underScopes } from '../../node/testDevice.ts';
import { loadDataset } from '../data/index.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Gpu } from '../gpu/device.ts';
import { readNow } from '../gpu/readback.ts';
import { initialParams } from '../nn/layout.ts';
import { unpackBits } from '../sparsity/bits.ts';
import type { Arm } from './arm.ts';
import { experimentFrom, type PhaseParts } from './defaults.ts';
import type { Experiment } from './experiment.ts';
import { createNetworks } from './network.ts';

const BATCH = 40;
let gpu: Gpu;
beforeAll(async () => {
  gpu = await testDevice();
});

const noFiles = (): Promise<never> => Promise.reject(new Error('Generated data need no files.'));
const moons = (hidden: readonly number[], sparsity: PhaseParts['sparsity'], more: Partial<PhaseParts> = {}): Experiment => experimentFrom({
  preset: 'rigl-moons', seed: 4, data: { set: 'moons', batch: BATCH, noise: 0.1, samples: 200 }, model: { hidden },
  phases: [{ steps: 10, sampler: 'sequential', sparsity, ...more }], beside: { random: false, dense: false },
});

/** What an arm begins with: flags of the mask and weights, layer by layer, and the initial weights of the dense network. */
interface Begun {
  masks: Uint8Array[];
  weights: Float32Array[];
  dense: Float64Array[];
  arm: Arm;
  dataset: Dataset;
}

async function begun(experiment: Experiment): Promise<Begun> {
  const dataset = await loadDataset(experiment.data, experiment.seed, noFiles);
  return underScopes(gpu, async () => {
    const networks = createNetworks(gpu, experiment, dataset);
    const arm = networks.arms[0] as Arm;
    await networks.enterPhase(0);
    await arm.begin(networks.workspace());
    const part = (name: string): { buffer: GPUBuffer; offset: number; bytes: number } => ({ buffer: arm.state.buffer(name), offset: 0, bytes: arm.state.buffer(name).size });
    const [masks, params, grads] = await readNow(gpu.device, networks.arena, [part('masks'), part('params'), part('grads')]);
    networks.destroy();
    expect(new Float32Array(grads as ArrayBuffer).every((g) => g === 0)).toBe(true);
    const initial = initialParams(arm.layout, experiment.seed);
    const { layers } = arm.layout;
    return {
      arm, dataset,
      masks: layers.map((l) => unpackBits(new Uint32Array(masks as ArrayBuffer), l.length, l.offset / 32)),
      weights: layers.map((l) => new Float32Array(params as ArrayBuffer, 4 * l.offset, l.length)),
      dense: layers.map((l) => Float64Array.from(initial.subarray(l.offset, l.offset + l.length))),
    };
  });
}

const sum = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0);

/** W^T d, and the outer product of d and x, added to `gradient`. */
function backThrough(weight: Float64Array, d: readonly number[], x: readonly number[], gradient: Float64Array): number[] {
  d.forEach((di, o) => x.forEach((xi, i) => { gradient[o * x.length + i]! += di * xi; }));
  return x.map((_, i) => sum(d.map((di, o) => di * weight[o * x.length + i]!)));
}

const through = (weight: Float64Array, x: readonly number[]): number[] =>
  Array.from({ length: weight.length / x.length }, (_, o) => sum(x.map((xi, i) => weight[o * x.length + i]! * xi)));

/** |w g| of every weight in float64: softmax cross-entropy of a ReLU network without biases on the first examples. */
function sensitivities(weights: readonly Float64Array[], { train, features }: Dataset): Float64Array[] {
  const gradients = weights.map((w) => new Float64Array(w.length));
  for (let e = 0; e < BATCH; e++) {
    const inputs = [Array.from(train.values.subarray(e * features, (e + 1) * features))];
    weights.forEach((w, l) => {
      const z = through(w, inputs[l]!);
      inputs.push(l < weights.length - 1 ? z.map((v) => Math.max(0, v)) : z);
    });
    const logits = inputs.at(-1)!;
    const all = sum(logits.map(Math.exp));
    let d = logits.map((z, c) => (Math.exp(z) / all - (c === train.labels[e] ? 1 : 0)) / BATCH);
    for (let l = weights.length - 1; l >= 0; l--) {
      const x = inputs[l]!;
      d = backThrough(weights[l]!, d, x, gradients[l]!).map((v, i) => (l > 0 && x[i]! <= 0 ? 0 : v));
    }
  }
  return gradients.map((g, l) => g.map((v, i) => Math.abs(v * weights[l]![i]!)));
}

/** The least score that was kept and the largest that was not, of all layers together. */
function border(scores: readonly Float64Array[], masks: readonly Uint8Array[]): { kept: number; dropped: number } {
  const pick = (flag: number): number[] => scores.flatMap((layer, l) => [...layer].filter((_, i) => masks[l]![i] === flag));
  return { kept: Math.min(...pick(1)), dropped: Math.max(...pick(0)) };
}

function expectMaskedInitialValues({ masks, weights, dense, arm }: Begun, total: number): void {
  weights.forEach((layer, l) => expect([...layer]).toEqual([...dense[l]!].map((w, i) => (masks[l]![i] ? w : 0))));
  expect(arm.active()).toEqual(masks.map(sum));
  expect(sum(arm.active())).toBe(total);
  expect(arm.updates()).toBe(0);
}

describe('SNIP', () => {
  it('keeps the weights of largest |w g| on the first batch, over all layers, at their initial values', async () => {
    for (const density of [0.5, 0.1]) {
      const found = await begun(moons([24, 16], { method: 'snip', density }));
      const { kept, dropped } = border(sensitivities(found.dense, found.dataset), found.masks);
      expect(kept).toBeGreaterThan(dropped * (1 - 1e-4));
      expectMaskedInitialValues(found, Math.round(density * (48 + 384 + 32)));
    }
  });

  it('within each layer keeps the planned counts', async () => {
    const found = await begun(moons([24, 16], { method: 'snip', density: 0.25, scope: 'layer', distribution: 'uniform' }));
    expect(found.masks.map(sum)).toEqual([12, 96, 8]);
    sensitivities(found.dense, found.dataset).forEach((scores, l) => {
      const { kept, dropped } = border([scores], [found.masks[l]!]);
      expect(kept).toBeGreaterThan(dropped * (1 - 1e-4));
    });
  });

  it('finds the same mask under csr, Adam and frozen layers', async () => {
    const sparsity = { method: 'snip', density: 0.2, scope: 'layer' } as const;
    const plain = await begun(moons([24, 16], sparsity));
    for (const more of [{ format: 'csr' }, { optimizer: { name: 'adam' } }, { frozen: [1] }] as const) {
      expect((await begun(moons([24, 16], sparsity, more))).masks).toEqual(plain.masks);
    }
  });
});
