import { describe, expect, it } from 'vitest';
import { nodeData } from '../../node/data.ts';
import { testDevice, underScopes } from '../../node/testDevice.ts';
import { loadDataset } from '../data/index.ts';
import type { Gpu } from '../gpu/device.ts';
import { formatsFor } from '../sparsity/formats/fitting.ts';
import { loadFormats } from '../sparsity/formats/index.ts';
import type { Arm } from './arm.ts';
import { experimentFrom } from './defaults.ts';
import type { Experiment, MasksSpec } from './experiment.ts';
import { createLayerMeter, deviceWorkClock, meterKey, timesKept, timesToKeep, worksOf, type MeteredLayer, type WorkClock } from './layerMeter.ts';
import { createNetworks, type Networks } from './network.ts';
import type { PassTime } from './storageCost.ts';

const experimentOf = (masks: Partial<MasksSpec> = {}, method: 'set' | 'ste' = 'set'): Experiment => experimentFrom({
  preset: 'rigl-moons', data: { set: 'moons', batch: 32, samples: 300 }, model: { hidden: [48, 24] }, masks, beside: { random: false, dense: false },
  phases: [{ steps: 10, sparsity: { method, density: 0.25 } }],
});

async function withNetworks(use: (gpu: Gpu, networks: Networks, layer: (name: string) => MeteredLayer) => Promise<void>, masks?: Partial<MasksSpec>, method?: 'set' | 'ste'): Promise<void> {
  const gpu = await testDevice();
  const experiment = experimentOf(masks, method);
  const networks = createNetworks(gpu, experiment, await loadDataset(experiment.data, experiment.seed, nodeData()));
  await networks.enterPhase(0);
  const main = networks.arms[0] as Arm;
  const formats = formatsFor(main.layout);
  const indexed = await loadFormats(formats);
  const traces = { indexed, layout: main.layout, of: new Map(formats.map((format) => [format, main.traceIn(format, indexed)])), used: () => undefined };
  try {
    await underScopes(gpu, () => use(gpu, networks, (name) => worksOf(gpu, main.layout.layers.find((t) => t.name === name) as MeteredLayer['tensor'], traces)));
  } finally {
    networks.destroy();
  }
}

async function measured(gpu: Gpu, networks: Networks, layer: MeteredLayer, clock: WorkClock): Promise<{ times: PassTime[]; pauses: number }> {
  const meter = createLayerMeter(gpu, networks.arena, layer, clock);
  await meter.prepare();
  const rounds = meter.rounds();
  try {
    for (let pauses = 0; ; pauses++) {
      const { done, value } = await rounds.next();
      if (done) return { times: value, pauses };
    }
  } finally {
    meter.free();
  }
}

describe('the times of a layer', () => {
  it('are lines over density, one a pass and format: what the clock says of the fastest variant', () => withNetworks(async (gpu, networks, layer) => {
    // Two variants are slower than the others, one of them by so much that it is measured once.
    const slower: Readonly<Record<string, number>> = { base: 1.2, tiled: 1.2, plain: 8 };
    const clock: WorkClock = async (samples) => samples.map(({ work: { format, density }, variant, times }) => times * (format === 'masked' ? 40 : 10 + 100 * density) * (slower[variant] ?? 1));
    const { times } = await measured(gpu, networks, layer('fc2.weight'), clock);
    const seen = Object.fromEntries(times.map(({ pass, format, fixedMs, densityMs }) => [`${format} ${pass}`, [fixedMs, densityMs].map(Math.round)]));
    expect(seen).toEqual({
      'masked forward': [40, 0], 'masked input gradient': [40, 0], 'masked weight gradient': [40, 0],
      'csr index': [10, 100], 'csr forward': [10, 100], 'csr input gradient': [10, 100], 'csr weight gradient': [10, 100],
    });
  }));

  it('know blocks where masks switch them, of each layer', () => withNetworks(async (gpu, networks, layer) => {
    for (const name of ['fc1.weight', 'fc2.weight', 'fc3.weight']) {
      const { times } = await measured(gpu, networks, layer(name), deviceWorkClock(gpu, networks.arena));
      const formats = new Set(times.map(({ format, pass }) => `${format} ${pass}`));
      for (const pass of ['index', 'forward', 'weight gradient']) expect(formats).toContain(`block ${pass}`);
    }
  }, { granularity: 'block', blockSize: '4' }));

  it.each([
    // Weights are compressed for each product, and of 2 in 4 the dense ones are put together again for the input gradient.
    [{ n: 2, m: 4 }, { forward: 2, 'input gradient': 3, 'weight gradient': 1, index: 1 }],
    [{ n: 1, m: 8 }, { forward: 2, 'input gradient': 1, 'weight gradient': 1, index: 1 }],
    // A pattern that keeps half of two is measured at all of two, too, where masked layers read a mask of another length.
    [{ n: 1, m: 2 }, { forward: 2, 'input gradient': 3, 'weight gradient': 1, index: 1 }],
  ] as const)('of %j count what prepares a product with it', (pattern, wanted) => withNetworks(async (gpu, networks, layer) => {
    const { times } = await measured(gpu, networks, layer('fc2.weight'), async (samples) => samples.map(({ times: runs }) => runs));
    const of = (format: string) => Object.fromEntries(times.filter((time) => time.format === format).map(({ pass, fixedMs }) => [pass, fixedMs]));
    expect(of('nm')).toEqual(wanted);
    // A masked layer of a method with a dense master multiplies a masked copy of it, whose gradient goes on to the master.
    expect(of('masked')).toEqual({ forward: 2, 'input gradient': 1, 'weight gradient': 2 });
  }, { granularity: 'nm', ...pattern }, 'ste'));

  it('have no input gradient in the first layer', () => withNetworks(async (_, __, layer) => {
    expect(new Set(layer('fc1.weight').works.map(({ pass }) => pass))).toEqual(new Set(['forward', 'weight gradient', 'index']));
  }));

  it('are not taken in by a clock that rounds a single run away', () => withNetworks(async (gpu, networks, layer) => {
    const coarse: WorkClock = async (samples) => samples.map(({ times }) => Math.floor(times * 0.06 * 10) / 10);
    const { times } = await measured(gpu, networks, layer('fc3.weight'), coarse);
    for (const { fixedMs, densityMs } of times) expect([fixedMs, densityMs]).toEqual([expect.closeTo(0.06, 2), 0]);
  }));

  it('are measured on the device without a word from it, and leave no buffers behind', () => withNetworks(async (gpu, networks, layer) => {
    const before = networks.arena.counters();
    const { times } = await measured(gpu, networks, layer('fc2.weight'), deviceWorkClock(gpu, networks.arena));
    expect(times.every(({ fixedMs, densityMs }) => fixedMs >= 0 && densityMs >= 0)).toBe(true);
    expect(times.some(({ fixedMs }) => fixedMs > 0)).toBe(true);
    expect(networks.arena.counters().liveBytes).toBe(before.liveBytes);
  }));

  it('pause where training may go on', () => withNetworks(async (gpu, networks, layer) => {
    const slow: WorkClock = (samples) => new Promise((resolve) => setTimeout(() => resolve(samples.map(({ times }) => 10 * times)), 40));
    expect((await measured(gpu, networks, layer('fc3.weight'), slow)).pauses).toBeGreaterThan(5);
  }));

  it('come back from the cache as they were, under a key of their own', () => withNetworks(async (gpu, networks, layer) => {
    const { times } = await measured(gpu, networks, layer('fc2.weight'), async (samples) => samples.map(({ work, times: runs }) => runs * work.density));
    expect(timesKept(layer('fc2.weight'), timesToKeep(times))).toEqual(times);
    expect(timesKept(layer('fc1.weight'), timesToKeep(times))).toBeUndefined();
    expect(timesKept(layer('fc2.weight'), undefined)).toBeUndefined();
    const keys = await Promise.all(['fc1.weight', 'fc2.weight', 'fc3.weight', 'fc2.weight'].map((name) => meterKey(gpu, layer(name))));
    expect([new Set(keys).size, keys[3]]).toEqual([3, keys[1]]);
  }));
});
