import { beforeAll, describe, expect, it } from 'vitest';
import { nodeData } from '../../node/data.ts';
import { testDevice, underScopes } from '../../node/testDevice.ts';
import { loadDataset } from '../data/index.ts';
import type { Gpu } from '../gpu/device.ts';
import type { TuningCache, Verdict } from '../gpu/tuningCache.ts';
import { createCommandPort } from './commands.ts';
import { experimentFrom } from './defaults.ts';
import type { RunEventBody } from './events.ts';
import { run, type RunInput } from './run.ts';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await testDevice();
});

/** Two phases of so few steps that nothing is measured: another variant than the first can only come from the cache. */
const experiment = experimentFrom({
  preset: 'rigl-moons', data: { set: 'moons', batch: 32, samples: 300 }, model: { hidden: [16, 16] }, evaluateEvery: 10, beside: { random: false, dense: false },
  phases: [{ steps: 10, sparsity: { method: 'rigl', density: 0.25 } }, { steps: 9, sparsity: { method: 'dense' } }],
});

type Finished = Extract<RunEventBody, { type: 'finished' }>;

async function finish(options: Partial<RunInput>): Promise<Finished> {
  const dataset = await loadDataset(experiment.data, experiment.seed, nodeData());
  let last: RunEventBody | undefined;
  await underScopes(gpu, async () => {
    for await (const event of run({ gpu, experiment, dataset, commands: createCommandPort(), ...options })) last = event;
  });
  if (last?.type !== 'finished') throw new Error(`ended with ${last?.type}`);
  return last;
}

/** A cache in which every key has this verdict. */
const always = (verdict: Verdict | undefined, isEmpty = false): TuningCache => ({ isEmpty: async () => isEmpty, get: async () => verdict, set: () => undefined, getTimes: async () => undefined, setTimes: () => undefined });

describe('a run with a cache', () => {
  it('begins with the variants that were fastest, and ends with the same bits', async () => {
    const plain = await finish({ tune: false });
    const tuned = await finish({ tuning: always({ ratio: 0.5 }) });
    expect(tuned.variants).not.toEqual(plain.variants);
    expect(tuned.hash).toBe(plain.hash);
  });

  it('begins with the first variants where the cache knows nothing, nothing faster, or never answers', async () => {
    const plain = await finish({ tune: false });
    for (const tuning of [always(undefined, true), always({ ratio: 1 }), always({ leftOut: 'x' })]) expect(await finish({ tuning })).toEqual(plain);
    expect(await finish({ tuning: { ...always(undefined), isEmpty: () => new Promise(() => {}) } })).toEqual(plain);
    expect(await finish({ tuning: { ...always(undefined), isEmpty: () => Promise.reject(new Error('no')) } })).toEqual(plain);
  });

  it('is not asked where a run shall stay with the first variants', async () => {
    expect(await finish({ tune: false, tuning: always({ ratio: 0.5 }) })).toEqual(await finish({ tune: false }));
  });
});
