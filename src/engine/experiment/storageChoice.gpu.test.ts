import { describe, expect, it } from 'vitest';
import { testDevice, underScopes } from '../../node/testDevice.ts';
import { loadDataset } from '../data/index.ts';
import type { TuningCache } from '../gpu/tuningCache.ts';
import { csrForward } from '../kernels/csr.ts';
import type { Format } from '../sparsity/formats/index.ts';
import { createCommandPort } from './commands.ts';
import { experimentFrom } from './defaults.ts';
import type { ArmId, RunEventBody, StorageFacts } from './events.ts';
import type { Experiment, MasksSpec, Phase } from './experiment.ts';
import { loadUnits } from '../sparsity/units.ts';
import type { WorkClock } from './layerMeter.ts';
import { createNetworks } from './network.ts';
import { run, type RunInput } from './run.ts';
import { createStorageChoice, type Densities, type StorageChoice } from './storageChoice.ts';

const noFiles = (): Promise<never> => Promise.reject(new Error('Generated data need no files.'));

const LAYERS = ['fc1.weight', 'fc2.weight', 'fc3.weight', 'fc4.weight'] as const;

type Sparsity = NonNullable<Parameters<typeof experimentFrom>[0]['phases'][number]['sparsity']>;

const experimentOf = (format: Phase['format'], more: Partial<Phase> = {}, sparsity: Sparsity = { method: 'rigl', density: 0.15, updatePeriod: 10 }): Experiment => experimentFrom({
  preset: 'rigl-moons', seed: 3, data: { set: 'moons', batch: 24, noise: 0.1, samples: 500 }, model: { hidden: [37, 33, 16] }, evaluateEvery: 50, beside: { random: true, dense: false },
  phases: [{ steps: 100, format, ...more, optimizer: { rate: 0.1 }, sparsity }],
});

interface Ended {
  hash: string;
  losses: number[];
  switches: number;
  variants: Readonly<Record<string, string>>;
  checkpoint: Uint8Array | undefined;
}

async function ended(experiment: Experiment, options: Partial<RunInput> = {}): Promise<Ended> {
  const dataset = await loadDataset(experiment.data, experiment.seed, noFiles);
  const gpu = await testDevice();
  const seen: Ended = { hash: '', losses: [], switches: 0, variants: {}, checkpoint: undefined };
  const hear = (event: RunEventBody): void => {
    if (event.type === 'finished') [seen.hash, seen.variants] = [event.hash, event.variants];
    if (event.type === 'checkpoint') seen.checkpoint = event.checkpoint.bytes;
    if (event.type === 'storage') seen.switches++;
    if (event.type === 'metrics') for (const { arm, table, columns } of event.rows) if (arm === 'main' && table === 'train') seen.losses.push(...(columns.loss ?? []));
  };
  await underScopes(gpu, async () => {
    for await (const event of run({ gpu, experiment, dataset, commands: createCommandPort(), tune: false, ...options })) {
      hear(event);
      carryAway(event);
    }
  });
  return seen;
}

/** As a worker does: the arrays of what it tells go to the page, and are gone here. */
function carryAway(event: RunEventBody): void {
  const arrays = event.type === 'metrics' ? event.rows.flatMap(({ step, columns }) => [step, ...Object.values(columns)]) : event.type === 'masks' ? Object.values(event.snapshot).filter((part) => ArrayBuffer.isView(part)) : [];
  structuredClone(null, { transfer: [...new Set(arrays.map(({ buffer }) => buffer as ArrayBuffer))] });
}

/** Stores layers as `formats` says from each of these steps on, in both networks. */
function switching(formats: readonly { from: number; layers: readonly string[]; format: Format }[]): NonNullable<RunInput['decideStorage']> {
  const waiting = [...formats];
  return (step) => {
    const next = waiting[0];
    if (!next || step < next.from) return undefined;
    waiting.shift();
    const own = new Map(next.layers.map((layer) => [layer, next.format]));
    return { facts: [], formats: new Map<ArmId, Map<string, Format>>([['main', own], ['random', own]]) };
  };
}

describe('a run gives the bits of masked and csr', () => {
  const toAndFro = [
    { from: 0, layers: ['fc2.weight'], format: 'csr' }, { from: 13, layers: LAYERS, format: 'csr' }, { from: 41, layers: ['fc1.weight', 'fc3.weight'], format: 'masked' },
    { from: 60, layers: LAYERS, format: 'masked' }, { from: 71, layers: ['fc4.weight'], format: 'csr' },
  ] as const;

  it.each([
    ['rigl', {}, { method: 'rigl', density: 0.15, updatePeriod: 10 }],
    ['gmp', {}, { method: 'gmp', density: 0.1, updatePeriod: 10 }],
    ['set in micro-batches, with a frozen layer', { accumulate: 3, frozen: [2] }, { method: 'set', density: 0.15, updatePeriod: 10 }],
  ] as const)('over 100 steps, whatever the storage changes to and when: %s', async (_, more, sparsity) => {
    const [masked, csr] = [await ended(experimentOf('masked', more, sparsity)), await ended(experimentOf('csr', more, sparsity))];
    const auto = await ended(experimentOf('auto', more, sparsity), { decideStorage: switching(toAndFro) });
    expect(auto.switches).toBe(toAndFro.length);
    expect(auto.losses).toEqual(masked.losses);
    expect(auto.losses).toHaveLength(100);
    expect([auto.hash, csr.hash]).toEqual([masked.hash, masked.hash]);
    expect(LAYERS.map((layer) => auto.variants[`forward ${layer}`])).toEqual([masked, masked, masked, csr].map(({ variants }, l) => variants[`forward ${LAYERS[l]}`]));
    expect(csr.variants['forward fc4.weight']).not.toBe(masked.variants['forward fc4.weight']);
  });

  it('after live knobs were moved', async () => {
    const edits = [{ step: 20, path: 'optimizer.rate', value: 0.05 }, { step: 30, path: 'sparsity.density', value: 0.3 }];
    const masked = await ended({ ...experimentOf('masked'), edits });
    expect((await ended({ ...experimentOf('auto'), edits }, { decideStorage: switching(toAndFro) })).hash).toBe(masked.hash);
  });

  it('resumed, in another storage than before', async () => {
    const masked = await ended(experimentOf('masked'));
    const stopped = createCommandPort();
    const stop = (step: number): undefined => void (step >= 43 && stopped.send({ type: 'stop' }));
    const first = await ended(experimentOf('auto'), { decideStorage: stop, commands: stopped, saveAtEnd: true });
    expect(first.hash).toBe('');
    const second = await ended(experimentOf('auto'), { decideStorage: switching([{ from: 0, layers: LAYERS, format: 'csr' }, { from: 60, layers: ['fc1.weight'], format: 'masked' }]), checkpoint: first.checkpoint as Uint8Array });
    expect(second.hash).toBe(masked.hash);
  });
});

describe('a run whose storage is chosen', () => {
  it('begins as earlier runs measured, tells it, and ends with the same bits', async () => {
    const linear = (format: Phase['format']): Experiment => ({ ...experimentOf(format), model: { ...experimentOf(format).model, hidden: [] } });
    // Forward and weight gradient, masked; index, forward and weight gradient, csr: fixed and by density.
    const times = (masked: number, csr: number): TuningCache => ({
      isEmpty: async () => false, get: async () => undefined, set: () => undefined, setTimes: () => undefined,
      getTimes: async () => [masked, 0, masked, 0, 0, 0, csr, 0, csr, 0],
    });
    const [masked, csr] = [await ended(linear('masked')), await ended(linear('csr'))];
    // The tuner may have gone on to another variant of the same kernel.
    const isCsr = ({ variants }: Ended): boolean => csrForward.variants.some(({ name }) => name === variants['forward fc1.weight']);
    expect([masked, csr].map(isCsr)).toEqual([false, true]);
    for (const [cache, wanted] of [[times(1, 9), masked], [times(9, 1), csr]] as const) {
      const auto = await ended(linear('auto'), { tune: true, tuning: cache });
      expect(auto.hash).toBe(masked.hash);
      expect(auto.switches).toBeGreaterThan(0);
      expect(isCsr(auto)).toBe(isCsr(wanted));
    }
  });
});

describe('the choice', () => {
  /** masked takes 10 ms a pass, csr 50 a unit of density: they cross at 0.2. */
  const clock: WorkClock = async (samples) => samples.map(({ work: { format, density, pass }, times }) => times * (pass === 'index' ? 0 : format === 'masked' ? 10 : 50 * density));
  const masks = (density: number): ReadonlyMap<ArmId, Densities> => new Map([['main', new Map(LAYERS.map((name) => [name.replace('.weight', ''), density]))]]);

  async function withChoice(format: Phase['format'], cache: TuningCache | undefined, use: (choice: StorageChoice, store: (decision: ReturnType<StorageChoice['decide']>) => Promise<void>, phase: Phase) => Promise<void>, given = clock, masks: Partial<MasksSpec> = {}): Promise<void> {
    const gpu = await testDevice();
    const plain = experimentOf(format);
    const experiment = { ...plain, masks: { ...plain.masks, ...masks }, beside: { random: false, dense: false } };
    if (experiment.masks.granularity !== 'weight') await loadUnits(experiment.masks);
    const networks = createNetworks(gpu, experiment, await loadDataset(experiment.data, experiment.seed, noFiles));
    await networks.enterPhase(0);
    networks.arms[0]?.begin(networks.workspace());
    const phase = experiment.phases[0] as Phase;
    const choice = await createStorageChoice(gpu, networks, phase, cache, given);
    try {
      await underScopes(gpu, () => use(choice, async (decision) => {
        if (decision?.formats) await networks.store(decision.formats, 0);
      }, phase));
    } finally {
      networks.destroy();
    }
  }

  const measureAll = async (choice: StorageChoice): Promise<number> => {
    let measured = 0;
    for (let said = await choice.advance(); said !== null; said = await choice.advance()) if (said === 'measured') measured++;
    return measured;
  };
  const formatsOf = (facts: readonly StorageFacts[] | undefined): string[] => (facts ?? []).map(({ layer, format }) => `${layer} ${format}`);
  const all = (format: Format): string[] => ['fc1', 'fc2', 'fc3', 'fc4'].map((layer) => `${layer} ${format}`);

  it('follows the density, with hysteresis, and tells only news', () => withChoice('auto', undefined, async (choice, store) => {
    expect(choice.decide(0, masks(1))).toBeUndefined();
    expect(await measureAll(choice)).toBe(4);
    const steps: [number, string[]][] = [[1, all('masked')], [0.98, []], [0.19, all('masked')], [0.16, all('csr')], [0.18, all('csr')], [0.22, all('csr')], [0.25, all('masked')], [0.24, []]];
    for (const [density, wanted] of steps) {
      const decision = choice.decide(0, masks(density));
      expect([density, formatsOf(decision?.facts)]).toEqual([density, wanted]);
      await store(decision);
      expect(choice.decide(0, masks(density))).toBeUndefined();
    }
  }));

  it('tells what was measured, and changes nothing where the format is given', () => withChoice('csr', undefined, async (choice) => {
    await measureAll(choice);
    const decision = choice.decide(0, masks(0.9));
    expect([formatsOf(decision?.facts), decision?.formats]).toEqual([all('csr'), undefined]);
    const facts = decision?.facts.find(({ layer }) => layer === 'fc2');
    expect(facts?.lines.map(({ format, fixedMs, densityMs }) => [format, Math.round(fixedMs), Math.round(densityMs)])).toEqual([['masked', 30, 0], ['csr', 0, 150]]);
  }));

  it('begins with what an earlier run measured, and does not measure it again', async () => {
    const kept = new Map<string, readonly number[]>();
    const cache: TuningCache = { isEmpty: async () => false, get: async () => undefined, set: () => undefined, getTimes: async (key) => kept.get(key), setTimes: (key, ms) => void kept.set(key, ms) };
    await withChoice('auto', cache, async (choice) => void await measureAll(choice));
    expect(kept.size).toBe(4);
    await withChoice('auto', cache, async (choice) => {
      await choice.recall();
      expect(formatsOf(choice.decide(0, masks(0.1))?.facts)).toEqual(all('csr'));
      expect(await measureAll(choice)).toBe(0);
    }, () => Promise.reject(new Error('nothing is to be measured')));
  });

  it.each([['nm', 4, 'nm'], ['nm', 12, 'masked']] as const)('takes %s where masks keep N of M only if it measures faster: %d ms against 10 of masked', (granularity, nmMs, wanted) => withChoice('auto', undefined, async (choice) => {
    await measureAll(choice);
    const decision = choice.decide(0, masks(0.25));
    expect(formatsOf(decision?.facts)).toEqual(all(wanted));
    expect(decision?.facts[0]?.lines.map(({ format }) => format)).toEqual(['masked', 'csr', 'nm']);
  }, async (samples) => samples.map(({ work: { format, pass }, times }) => times * (pass === 'weight gradient' ? { masked: 10, csr: 40, block: 40, nm: nmMs }[format] : 0.01)), { granularity, n: 1, m: 4 }));

  it('goes on with the times that it has when the programs are new within a phase', () => withChoice('auto', undefined, async (choice, _, phase) => {
    await measureAll(choice);
    expect(formatsOf(choice.decide(0, masks(0.5))?.facts)).toEqual(all('masked'));
    choice.restart(phase);
    expect(formatsOf(choice.decide(0, masks(0.1))?.facts)).toEqual(all('csr'));
  }));

  it('forgets times at a border until they are known for what comes', () => withChoice('auto', undefined, async (choice) => {
    await choice.prepare();
    choice.restart(experimentOf('auto').phases[0] as Phase);
    const late = choice.prepare();
    choice.restart(experimentOf('auto').phases[0] as Phase);
    await late;
    expect(choice.decide(0, masks(0.1))).toBeUndefined();
    expect(await measureAll(choice)).toBe(4);
    choice.restart(experimentOf('auto').phases[0] as Phase);
    expect(choice.decide(0, masks(0.1))).toBeUndefined();
    expect(await measureAll(choice)).toBe(0);
    expect(formatsOf(choice.decide(0, masks(0.1))?.facts)).toEqual(all('csr'));
  }));
});
