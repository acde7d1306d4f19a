import { describe, expect, it } from 'vitest';
import { testDevice } from '../../node/testDevice.ts';
import { loadDataset } from '../data/index.ts';
import { METHODS } from '../sparsity/methods/index.ts';
import { createCommandPort } from './commands.ts';
import { experimentFrom } from './defaults.ts';
import type { Experiment, Phase } from './experiment.ts';
import { run } from './run.ts';

const noFiles = (): Promise<never> => Promise.reject(new Error('Generated data need no files.'));

/** sha256 of parameters and masks at the end, and the training losses on the way. */
async function ended(experiment: Experiment): Promise<{ hash: string; losses: number[]; norms: number[] }> {
  const dataset = await loadDataset(experiment.data, experiment.seed, noFiles);
  const losses: number[] = [];
  const norms: number[] = [];
  for await (const event of run({ gpu: await testDevice(), experiment, dataset, commands: createCommandPort(), tune: false })) {
    if (event.type === 'finished') return { hash: event.hash, losses, norms };
    if (event.type !== 'metrics') continue;
    for (const row of event.rows) if (row.table === 'train') {
      losses.push(...(row.columns.loss ?? []));
      norms.push(...(row.columns.gradNorm ?? []));
    }
  }
  throw new Error('The run ended without a last word.');
}

const experimentWith = (method: keyof typeof METHODS, format: Phase['format'], more: Partial<Phase['optimizer']> = {}): Experiment => experimentFrom({
  preset: 'rigl-moons', seed: 3, data: { set: 'moons', batch: 24, noise: 0.1, samples: 500 }, model: { hidden: [37, 33, 16] }, evaluateEvery: 50, beside: { random: false, dense: false },
  phases: [{ steps: 100, format, optimizer: { rate: 0.1, ...more }, sparsity: { method, density: 0.15, ...('updatePeriod' in METHODS[method].card.knobs ? { updatePeriod: 10 } : {}), ...('rounds' in METHODS[method].card.knobs ? { rounds: 5 } : {}) } }],
});

describe('csr trains to the bits of masked over 100 steps', () => {
  const sparse = (Object.keys(METHODS) as (keyof typeof METHODS)[]).filter((method) => method !== 'dense');
  it.each(sparse)('with %s', async (method) => {
    const [masked, csr] = [await ended(experimentWith(method, 'masked')), await ended(experimentWith(method, 'csr'))];
    expect(csr.losses).toEqual(masked.losses);
    expect(csr.losses).toHaveLength(100);
    expect(csr.hash).toBe(masked.hash);
  });

  it('with Adam, and clipping by a norm that counts active weights only', async () => {
    for (const more of [{ name: 'adam', rate: 0.01 }, { clip: 0.05 }] as const) {
      const [masked, csr] = [await ended(experimentWith('set', 'masked', more)), await ended(experimentWith('set', 'csr', more))];
      expect(csr.norms).toEqual(masked.norms);
      expect(csr.hash).toBe(masked.hash);
    }
  });

  it('from phase to phase, through a lifted mask and rewound weights', async () => {
    const phases = (format: Phase['format']): Experiment => {
      const one = experimentWith('set', format);
      const [phase] = one.phases as [Phase];
      const next = (entry: Phase['entry'], method: keyof typeof METHODS): Phase => ({ ...phase, steps: 20, entry, sparsity: experimentWith(method, format).phases[0]?.sparsity ?? phase.sparsity });
      return { ...one, phases: [{ ...phase, steps: 25 }, next('rewind', 'set'), next('lift', 'gmp'), next('prune', 'rigl')] };
    };
    const [masked, csr] = [await ended(phases('masked')), await ended(phases('csr'))];
    expect(csr.losses).toEqual(masked.losses);
    expect(csr.hash).toBe(masked.hash);
  });
});
