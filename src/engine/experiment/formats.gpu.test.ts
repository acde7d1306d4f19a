import { describe, expect, it } from 'vitest';
import { SINGLE_WEIGHTS } from '../sparsity/granularity.ts';
import { testDevice } from '../../node/testDevice.ts';
import { loadDataset } from '../data/index.ts';
import { METHODS } from '../sparsity/methods/index.ts';
import { createCommandPort } from './commands.ts';
import { experimentFrom } from './defaults.ts';
import type { Experiment, MasksSpec, Phase } from './experiment.ts';
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

describe('block, csr and masked train to the same bits over 100 steps', () => {
  /** Layers that blocks of 4 and 8 do not divide, one of them narrower than a block of 16. */
  const blocky = (method: keyof typeof METHODS, format: Phase['format'], blockSize: MasksSpec['blockSize'], more: Partial<Phase['optimizer']> = {}): Experiment => {
    const one = experimentWith(method, format, more);
    return { ...one, masks: { ...SINGLE_WEIGHTS, granularity: 'block', blockSize, blockScore: 'mean' } };
  };

  it.each([['rigl', '4', {}], ['set', '8', {}], ['gmp', '16', { name: 'adam', rate: 0.01 }], ['random', '32', { clip: 0.05 }]] as const)('with %s and blocks of %s', async (method, size, more) => {
    const masked = await ended(blocky(method, 'masked', size, more));
    for (const format of ['csr', 'block'] as const) {
      const other = await ended(blocky(method, format, size, more));
      expect(other.losses).toEqual(masked.losses);
      expect(other.losses).toHaveLength(100);
      expect(other.norms).toEqual(masked.norms);
      expect(other.hash).toBe(masked.hash);
    }
  });

  it('from phase to phase and format to format, lifted, pruned and rewound', async () => {
    const phases = (formats: readonly Phase['format'][]): Experiment => {
      const one = blocky('set', 'masked', '8');
      const entries = [['keep', 'set'], ['rewind', 'set'], ['lift', 'gmp'], ['prune', 'rigl']] as const;
      return { ...one, phases: entries.map(([entry, method], i): Phase => ({ ...(one.phases[0] as Phase), format: formats[i] ?? 'masked', steps: 20, entry, sparsity: (blocky(method, 'masked', '8').phases[0] as Phase).sparsity })) };
    };
    const masked = await ended(phases([]));
    for (const formats of [['block', 'block', 'block', 'block'], ['csr', 'block', 'masked', 'block']] as const) {
      const other = await ended(phases(formats));
      expect(other.losses).toEqual(masked.losses);
      expect(other.hash).toBe(masked.hash);
    }
  });

  it.each(['weight', 'kernel', 'channel'] as const)('block is refused before anything is made where masks switch a %s', async (granularity) => {
    const one = blocky('set', 'block', '16');
    await expect(ended({ ...one, masks: { ...one.masks, granularity } })).rejects.toThrow(`masks.granularity is ${granularity}. Set it to block, or take another storage: masked, csr, auto.`);
  });
});
