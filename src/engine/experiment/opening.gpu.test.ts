import { beforeAll, describe, expect, it } from 'vitest';
import { testDevice, underScopes } from '../../node/testDevice.ts';
import { loadDataset } from '../data/index.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Gpu } from '../gpu/device.ts';
import { readNow } from '../gpu/readback.ts';
import { createArena } from '../gpu/arena.ts';
import { createKnobLayout } from '../gpu/knobs.ts';
import { createWorkspace } from '../gpu/program.ts';
import { createState } from '../gpu/state.ts';
import { createTrace } from '../gpu/trace.ts';
import { traceFlow } from '../nn/flow.ts';
import { networkLayout, type NetworkSpec } from '../nn/layers.ts';
import { initialParams } from '../nn/layout.ts';
import { loadNetwork } from '../nn/network.ts';
import { unpackBits } from '../sparsity/bits.ts';
import { randomMaskBits } from '../sparsity/initialMask.ts';
import type { Arm } from './arm.ts';
import { runAlone } from './armPrograms.ts';
import { experimentFrom, type PhaseParts } from './defaults.ts';
import type { Experiment } from './experiment.ts';
import { createNetworks } from './network.ts';
import { openingCounts } from './opening.ts';

const BATCH = 40;
const RATIOS = { method: 'random', ratiosFrom: 'snip', density: 0.2 } as const;
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

/** |w g| of every weight in float64. */
function sensitivities(weights: readonly Float64Array[], dataset: Dataset): Float64Array[] {
  return gradientsOf(weights, dataset).map((g, l) => g.map((v, i) => Math.abs(v * weights[l]![i]!)));
}

/** w H g of every weight in float64, from a step so short that no ReLU switches. */
function curvatures(weights: readonly Float64Array[], dataset: Dataset, smooth: boolean): Float64Array[] {
  const g = gradientsOf(weights, dataset, smooth);
  const [ahead, behind] = [1e-6, -1e-6].map((by) => gradientsOf(weights.map((w, l) => w.map((v, i) => v + by * g[l]![i]!)), dataset, smooth)) as [Float64Array[], Float64Array[]];
  return weights.map((w, l) => w.map((v, i) => v * (ahead[l]![i]! - behind[l]![i]!)));
}

/** Gradients in float64: softmax cross-entropy of a network of ReLU, or tanh where `smooth`, without biases on the first examples. */
function gradientsOf(weights: readonly Float64Array[], { train, features }: Dataset, smooth = false): Float64Array[] {
  const act = (z: number): number => (smooth ? Math.tanh(z) : Math.max(0, z));
  const slope = (y: number): number => (smooth ? 1 - y * y : y > 0 ? 1 : 0);
  const gradients = weights.map((w) => new Float64Array(w.length));
  for (let e = 0; e < BATCH; e++) {
    const inputs = [Array.from(train.values.subarray(e * features, (e + 1) * features))];
    weights.forEach((w, l) => {
      const z = through(w, inputs[l]!);
      inputs.push(l < weights.length - 1 ? z.map(act) : z);
    });
    const logits = inputs.at(-1)!;
    const all = sum(logits.map(Math.exp));
    let d = logits.map((z, c) => (Math.exp(z) / all - (c === train.labels[e] ? 1 : 0)) / BATCH);
    for (let l = weights.length - 1; l >= 0; l--) {
      const x = inputs[l]!;
      d = backThrough(weights[l]!, d, x, gradients[l]!).map((v, i) => (l > 0 ? v * slope(x[i]!) : v));
    }
  }
  return gradients;
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

/** Gradients of the flow by each absolute weight, in float64, and the flow. */
function flows(weights: readonly Float64Array[]): { gradients: Float64Array[]; flow: number } {
  const sizes = weights.map((w) => w.map(Math.abs));
  const inputs = [Array.from({ length: 2 }, () => 1)];
  sizes.forEach((w, l) => inputs.push(through(w, inputs[l]!)));
  const gradients = weights.map((w) => new Float64Array(w.length));
  let d = inputs.at(-1)!.map(() => 1);
  for (let l = sizes.length - 1; l >= 0; l--) d = backThrough(sizes[l]!, d, inputs[l]!, gradients[l]!);
  return { gradients, flow: sum(inputs.at(-1)!) };
}

/** The masks that rounds of SynFlow leave, in float64. */
function synflow(weights: readonly Float64Array[], rounds: readonly (readonly number[])[]): Uint8Array[] {
  let left = weights.map((w) => w.slice());
  for (const [keep] of rounds) {
    const scores = flows(left).gradients.flatMap((g, l) => [...g].map((v, i) => ({ l, i, score: Math.abs(v * left[l]![i]!) })));
    // A stable sort: of equal scores the lower index stays.
    const kept = scores.filter(({ l, i }) => left[l]![i] !== 0).sort((a, b) => b.score - a.score).slice(0, keep);
    left = left.map((w) => new Float64Array(w.length));
    for (const { l, i } of kept) left[l]![i] = weights[l]![i]!;
  }
  return left.map((w) => Uint8Array.from(w, (v) => (v === 0 ? 0 : 1)));
}

/** Gradients of the flow by each |w|, layer by layer. */
async function flowGradients(spec: NetworkSpec, inputs: number, weights: readonly (readonly number[])[]): Promise<number[][]> {
  const layout = networkLayout(spec);
  const arena = createArena(gpu.device);
  const [knobs, state] = [createKnobLayout(), createState(gpu.device, arena, 'flow')];
  const workspace = createWorkspace(gpu, arena, knobs);
  const trace = createTrace();
  traceFlow(trace, knobs, await loadNetwork(spec), inputs, layout);
  const program = workspace.add('flow', trace, state);
  await workspace.prepare([program]);
  weights.forEach((values, l) => state.write('params', Float32Array.from(values), layout.layers[l]!.offset));
  runAlone(gpu, program);
  const [grads] = await readNow(gpu.device, arena, [{ buffer: state.buffer('grads'), offset: 0, bytes: state.buffer('grads').size }]);
  workspace.destroy();
  arena.destroy();
  return layout.layers.map(({ offset, length }) => [...new Float32Array(grads as ArrayBuffer, 4 * offset, length)]);
}

describe('GraSP', () => {
  it('keeps the weights of largest w H g on the first batch, over all layers, as far as a difference of gradients tells them', async () => {
    for (const [activation, density, share] of [['tanh', 0.5, 0.999], ['tanh', 0.1, 0.999], ['relu', 0.5, 0.95], ['relu', 0.1, 0.95]] as const) {
      const experiment = moons([24, 16], { method: 'grasp', density });
      const found = await begun({ ...experiment, model: { ...experiment.model, activation } });
      const total = Math.round(density * (48 + 384 + 32));
      expectMaskedInitialValues(found, total);
      const scores = curvatures(found.dense, found.dataset, activation === 'tanh').flatMap((layer) => [...layer]);
      const flags = found.masks.flatMap((mask) => [...mask]);
      const best = sum(scores.toSorted((a, b) => b - a).slice(0, total));
      const kept = sum(scores.filter((_, i) => flags[i] === 1));
      expect(kept).toBeGreaterThan(share * best);
    }
  });
});

describe('a random mask with the ratios of SNIP', () => {
  it('has as many weights in each layer as SNIP leaves it, in other places', async () => {
    const [snip, random, other] = [await begun(moons([24, 16], { method: 'snip', density: 0.2 })), await begun(moons([24, 16], RATIOS)), await begun({ ...moons([24, 16], RATIOS), seed: 5 })];
    expect(random.masks.map(sum)).toEqual(snip.masks.map(sum));
    expect(random.masks).not.toEqual(snip.masks);
    expect(other.masks).not.toEqual(random.masks);
    expectMaskedInitialValues(random, Math.round(0.2 * 464));
  });

  it('is the mask that is drawn for these counts without scores', async () => {
    const random = await begun(moons([24, 16], RATIOS));
    const counts = random.masks.map(sum);
    random.masks.forEach((mask, l) => expect([...mask]).toEqual([...unpackBits(randomMaskBits(4, l, mask.length, counts[l]!), mask.length)]));
  });

  it('may be drawn beside frozen layers', async () => {
    expect((await begun(moons([24, 16], RATIOS, { frozen: [2] }))).masks).toEqual((await begun(moons([24, 16], RATIOS))).masks);
  });
});

describe('SynFlow', () => {
  it('has the gradients worked out by hand: R = 9.5, which each layer conserves', () => underScopes(gpu, async () => {
    const spec: NetworkSpec = { kind: 'mlp', widths: [2, 2, 1], activation: 'relu', norm: 'none', weights: 'f32', dropout: 0, seed: 1, maskable: [true, true] };
    // Scores |w| dR/d|w| are 2, 4, 0.5, 3 and 6, 3.5.
    expect(await flowGradients(spec, 2, [[1, -2, 0.5, 3], [2, -1]])).toEqual([[2, 2, 1, 1], [3, 3.5]]);
  }));

  it('has a flow that convolutions conserve, too', () => underScopes(gpu, async () => {
    const spec: NetworkSpec = {
      kind: 'cnn', picture: { channels: 1, height: 4, width: 4 }, channels: [2, 3], classes: 2, pool: 'max', activation: 'relu', norm: 'batch', weights: 'f32', dropout: 0, seed: 1, maskable: [true, true, true],
    };
    const weights = networkLayout(spec).layers.map(({ length }, l) => Array.from({ length }, (_, i) => Math.sin(1 + i + 7 * l)));
    const gradients = await flowGradients(spec, 16, weights);
    const flow = gradients.map((layer, l) => layer.reduce((total, g, i) => total + g * Math.abs(weights[l]![i]!), 0));
    expect(flow[0]).toBeGreaterThan(1);
    for (const one of flow) expect(one).toBeCloseTo(flow[0]!, 3);
  }));

  it('leaves the mask of the float64 reference after 100 rounds, over all layers, at initial values', async () => {
    for (const density of [0.5, 0.1, 0.02]) {
      const found = await begun(moons([24, 16], { method: 'synflow', density }));
      const rounds = openingCounts({ rounds: 100, scope: 'global' }, [464], [Math.round(density * 464)]);
      expect(found.masks).toEqual(synflow(found.dense, rounds));
      expectMaskedInitialValues(found, Math.round(density * 464));
    }
  });

  it('cuts through no layer: as many weights as layers are left as a path, where one round leaves none', async () => {
    const total = 2 * 24 + 24 * 16 + 16 * 12 + 12 * 2;
    const knobs = { method: 'synflow', density: 4 / total } as const;
    const found = await begun(moons([24, 16, 12], knobs));
    expect(found.masks.map(sum)).toEqual([1, 1, 1, 1]);
    const through64 = (masks: readonly Uint8Array[]): number => flows(masks.map((mask, l) => found.dense[l]!.map((w, i) => w * mask[i]!))).flow;
    expect(through64(found.masks)).toBeGreaterThan(0);
    const atOnce = await begun(moons([24, 16, 12], { ...knobs, rounds: 1 }));
    expect(through64(atOnce.masks)).toBe(0);
  });

  it('needs no data: another set with as many inputs and outputs gives the same mask', async () => {
    const one = moons([24, 16], { method: 'synflow', density: 0.1 });
    const [a, b] = [await begun(one), await begun({ ...one, data: { ...one.data, noise: 0.5, samples: 100 } })];
    expect(b.masks).toEqual(a.masks);
  });
});
