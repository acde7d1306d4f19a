import { beforeAll, describe, expect, it } from 'vitest';
import { testDevice, underScopes } from '../../node/testDevice.ts';
import { loadDataset } from '../data/index.ts';
import type { Gpu } from '../gpu/device.ts';
import type { METHODS } from '../sparsity/methods/index.ts';
import { experimentFrom } from './defaults.ts';
import type { Experiment } from './experiment.ts';
import { measurePlasticity, type PlasticityProbe, type PlasticityRow } from './plasticity.ts';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await testDevice();
});

const along = (method: keyof typeof METHODS, more: object = {}): Experiment => experimentFrom({
  preset: 'rigl-moons', seed: 2, data: { set: 'moons', batch: 32, noise: 0.1, samples: 400 }, model: { hidden: [16, 16] },
  phases: [{ steps: 60, optimizer: { rate: 0.1, momentum: 0.9 }, sparsity: { method, ...more } }],
});

async function measured(experiment: Experiment, probe: PlasticityProbe): Promise<PlasticityRow[]> {
  const dataset = await loadDataset(experiment.data, experiment.seed, () => Promise.reject(new Error('Generated data need no files.')));
  const rows: PlasticityRow[] = [];
  await underScopes(gpu, async () => {
    for await (const row of measurePlasticity(gpu, experiment, dataset, probe)) rows.push(row);
  });
  return rows;
}

describe('the plasticity of a run', () => {
  it('is told step by step and share by share; nothing pruned, it goes on as it would have', async () => {
    const rows = await measured(along('rigl', { density: 0.5, updatePeriod: 10 }), { at: [40, 20], shares: [0, 0.9, 1], steps: 15 });
    expect(rows.map(({ at, share, regrow }) => [at, share, regrow])).toEqual([20, 40].flatMap((at) => [0, 0.9, 1].flatMap((share) => [false, true].map((regrow) => [at, share, regrow]))));
    for (const row of rows.filter(({ share }) => share === 0)) {
      expect(row.pruned).toBe(row.before);
      expect(row.after).toBe(row.unpruned);
      // 16 x 2 + 16 x 16 + 2 x 16 weights.
      expect(row.left).toBe(160);
    }
    expect(rows.filter(({ share }) => share === 1).map(({ left, pruned }) => [left, pruned])).toEqual(Array.from({ length: 4 }, () => [0, 0.5]));
    // Without any weight the biases learn nothing; regrown from the gradient, the network does.
    expect(rows.find(({ at, share, regrow }) => at === 40 && share === 0.9 && regrow)?.after).toBeGreaterThan(0.7);
  });

  it('is the same when it is measured again, and in csr', async () => {
    const probe = { at: [30], shares: [0.7], steps: 10 };
    const [phase] = along('set', { density: 0.5 }).phases;
    const rows = await measured(along('set', { density: 0.5 }), probe);
    expect(await measured(along('set', { density: 0.5 }), probe)).toEqual(rows);
    expect(await measured({ ...along('set', { density: 0.5 }), phases: [{ ...phase!, format: 'csr' }] }, probe)).toEqual(rows);
  });

  it('is told without regrowth along a method that prunes on the way, and refused along two phases', async () => {
    const rows = await measured(along('gmp', { density: 0.2, updatePeriod: 10, scope: 'global' }), { at: [30], shares: [0.5], steps: 5 });
    expect(rows.map(({ regrow }) => regrow)).toEqual([false]);
    const one = along('dense');
    await expect(measured({ ...one, phases: [...one.phases, ...one.phases] }, { at: [30], shares: [0.5], steps: 5 })).rejects.toThrow('one phase');
    await expect(measured({ ...one, masks: { ...one.masks, granularity: 'block' } }, { at: [30], shares: [0.5], steps: 5 })).rejects.toThrow('single weights');
    await expect(measured(one, { at: [61], shares: [0.5], steps: 5 })).rejects.toThrow('at steps 1 to 60');
  });
});
