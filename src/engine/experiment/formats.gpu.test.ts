import { describe, expect, it } from 'vitest';
import { unpackBits } from '../sparsity/bits.ts';
import { groupMatrix, groupShape } from '../sparsity/granularity.ts';
import { keptOfMatrix, type NmPattern, patternOf } from '../sparsity/pattern.ts';
import { chooseByPattern } from '../sparsity/patternChoice.ts';
import { testDevice } from '../../node/testDevice.ts';
import { loadDataset } from '../data/index.ts';
import { METHODS } from '../sparsity/methods/index.ts';
import { createCommandPort } from './commands.ts';
import { experimentFrom } from './defaults.ts';
import type { LayerFacts } from './events.ts';
import type { Experiment, MasksSpec, Phase } from './experiment.ts';
import { run } from './run.ts';

const noFiles = (): Promise<never> => Promise.reject(new Error('Generated data need no files.'));

/** sha256 of parameters and masks at the end, the training losses on the way, and mask updates; where masks keep N of M, each of them is seen to. */
async function ended(experiment: Experiment): Promise<{ hash: string; losses: number[]; norms: number[]; updates: number }> {
  const dataset = await loadDataset(experiment.data, experiment.seed, noFiles);
  const losses: number[] = [];
  const norms: number[] = [];
  let updates = 0;
  let layers: readonly LayerFacts[] = [];
  for await (const event of run({ gpu: await testDevice(), experiment, dataset, commands: createCommandPort(), tune: false })) {
    if (event.type === 'finished') return { hash: event.hash, losses, norms, updates };
    if (event.type === 'started') layers = event.layers.filter(({ maskable }) => maskable);
    if (event.type === 'masks') {
      updates += event.snapshot.step > 0 ? 1 : 0;
      expectPattern(event.snapshot.mask, layers, experiment.masks);
    }
    if (event.type !== 'metrics') continue;
    for (const row of event.rows) if (row.table === 'train') {
      losses.push(...(row.columns.loss ?? []));
      norms.push(...(row.columns.gradNorm ?? []));
    }
  }
  throw new Error('The run ended without a last word.');
}

/** Fails where a mask neither has all weights nor keeps exactly N of each group, the same in the rows that share a pattern. */
function expectPattern(mask: Uint32Array, layers: readonly LayerFacts[], masks: MasksSpec): void {
  const pattern = patternOf(masks);
  for (const layer of pattern ? layers : []) {
    const flags = unpackBits(mask, layer.out * layer.in, layer.wordOffset);
    if (flags.every((flag) => flag === 1)) continue;
    const rows = groupShape(masks, layer).rows;
    expect(flags.findIndex((flag, i) => flag !== flags[Math.floor(Math.floor(i / layer.in) / rows) * rows * layer.in + (i % layer.in)])).toBe(-1);
    const lines = groupMatrix(masks, layer);
    const candidates = Uint32Array.from({ length: lines.rows * lines.columns }, (_, i) => flags[Math.floor(i / layer.in) * rows * layer.in + (i % layer.in)] as number);
    expect(candidates.reduce((a, b) => a + b, 0), layer.name).toBe(keptOfMatrix(pattern as NmPattern, lines));
    // As keys of weights of 1 where active.
    expect(chooseByPattern(candidates.map((flag) => flag * 0x3f800001), lines, pattern as NmPattern), layer.name).toEqual(Uint8Array.from(candidates));
  }
}

const experimentWith = (method: keyof typeof METHODS, format: Phase['format'], more: Partial<Phase['optimizer']> = {}): Experiment => experimentFrom({
  preset: 'rigl-moons', seed: 3, data: { set: 'moons', batch: 24, noise: 0.1, samples: 500 }, model: { hidden: [37, 33, 16] }, evaluateEvery: 50, beside: { random: false, dense: false },
  phases: [{ steps: 100, format, optimizer: { rate: 0.1, ...more }, sparsity: { method, density: 0.15, ...('updatePeriod' in METHODS[method].card.knobs ? { updatePeriod: 10 } : {}), ...('rounds' in METHODS[method].card.knobs ? { rounds: 5 } : {}) } }],
});

describe('csr trains to the bits of masked over 100 steps', () => {
  const sparse = (Object.keys(METHODS) as (keyof typeof METHODS)[]).filter((method) => method !== 'dense' && !('storedAs' in METHODS[method]));
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
    return { ...one, masks: { ...one.masks, granularity: 'block', blockSize, blockScore: 'mean' } };
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

  it.each(['weight', 'kernel', 'channel'] as const)('block is refused before a step where masks switch a %s', async (granularity) => {
    const one = blocky('set', 'block', '16');
    await expect(ended({ ...one, masks: { ...one.masks, granularity } })).rejects.toThrow(`masks.granularity is ${granularity}. Set it to block, or take another storage: masked, csr, auto.`);
  });
});

describe('nm, csr and masked train to the same bits over 100 steps, and each group keeps N', () => {
  const patterned = (method: keyof typeof METHODS, format: Phase['format'], masks: Partial<MasksSpec>, more: Partial<Phase['optimizer']> = {}): Experiment =>
    {
    const one = experimentWith(method, format, more);
    return { ...one, masks: { ...one.masks, granularity: 'nm', ...masks } };
  };

  /** No hidden layer (37, 33, 16) is divided by 8 or 16; the first has two inputs, fewer than any M. */
  it.each([
    ['random', { n: 2, m: 4 }, {}], ['one-shot', { n: 1, m: 4, share: '8' }, {}], ['rigl', { n: 2, m: 8, share: '4' }, { name: 'adam', rate: 0.01 }], ['set', { n: 3, m: 16 }, { clip: 0.05 }],
    ['snip', { n: 1, m: 16, share: '16' }, {}], ['snfs', { n: 1, m: 32 }, {}], ['gmp', { n: 2, m: 4, axis: 'both' }, {}], ['granet', { n: 3, m: 8, axis: 'both' }, {}], ['random', { n: 4, m: 4 }, {}],
  ] as const)('with %s and %o', async (method, masks, more) => {
    const masked = await ended(patterned(method, 'masked', masks, more));
    expect(masked.updates).toBeGreaterThan(method === 'random' || method === 'snip' ? -1 : 0);
    for (const format of ['csr', 'nm'] as const) {
      const other = await ended(patterned(method, format, masks, more));
      expect(other.losses).toEqual(masked.losses);
      expect(other.losses).toHaveLength(100);
      expect(other.norms).toEqual(masked.norms);
      expect(other.hash).toBe(masked.hash);
    }
  });

  it.each([[{ n: 2, m: 8, share: '8' }, { rate: 0.02 }], [{ n: 1, m: 4 }, { name: 'adam', rate: 0.01 }], [{ n: 3, m: 5, share: '4' }, { rate: 0.02, clip: 0.05 }]] as const)('nm and masked with bdwp and %o, whose input gradients have a pattern of their own', async (masks, more) => {
    const trained = (method: 'bdwp' | 'sr-ste', format: Phase['format']) => ended(patterned(method, format, masks, more));
    const [masked, nm, other] = [await trained('bdwp', 'masked'), await trained('bdwp', 'nm'), await trained('sr-ste', 'nm')];
    expect(nm.losses).toEqual(masked.losses);
    expect(nm.losses).toHaveLength(100);
    expect(nm.norms).toEqual(masked.norms);
    expect(nm.hash).toBe(masked.hash);
    expect(nm.hash).not.toBe(other.hash);
  });

  it('from phase to phase and format to format, lifted, pruned and rewound', async () => {
    const phases = (formats: readonly Phase['format'][]): Experiment => {
      const one = patterned('set', 'masked', { n: 2, m: 8, share: '8' });
      const entries = [['keep', 'set'], ['rewind', 'set'], ['lift', 'gmp'], ['prune', 'rigl']] as const;
      return { ...one, phases: entries.map(([entry, method], i): Phase => ({ ...(one.phases[0] as Phase), format: formats[i] ?? 'masked', steps: 20, entry, sparsity: (patterned(method, 'masked', {}).phases[0] as Phase).sparsity })) };
    };
    const masked = await ended(phases([]));
    const other = await ended(phases(['nm', 'csr', 'nm', 'nm']));
    expect(other.losses).toEqual(masked.losses);
    expect(other.hash).toBe(masked.hash);
  });

  it('nm is refused where masks keep no N of M inputs', async () => {
    await expect(ended(patterned('random', 'nm', { axis: 'out' }))).rejects.toThrow('masks.granularity is nm along out. Set it to nm, and masks.axis to in or both, or take another storage: masked, csr, auto.');
    await expect(ended(experimentWith('random', 'nm'))).rejects.toThrow('masks.granularity is weight. Set it to nm');
  });
});
