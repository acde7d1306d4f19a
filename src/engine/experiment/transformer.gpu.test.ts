import { beforeAll, describe, expect, it } from 'vitest';
import { nodeData } from '../../node/data.ts';
import { testDevice, underScopes } from '../../node/testDevice.ts';
import { textBaselines } from '../data/baselines.ts';
import type { Dataset } from '../data/dataset.ts';
import { loadDataset } from '../data/index.ts';
import { textDataset } from '../data/text.ts';
import type { Gpu } from '../gpu/device.ts';
import { createCommandPort } from './commands.ts';
import { experimentFrom, type PhaseParts } from './defaults.ts';
import type { RunCommand, RunEventBody, Written } from './events.ts';
import type { Experiment } from './experiment.ts';
import { parseExperiment } from './parse.ts';
import { run, type RunInput } from './run.ts';
import { WRITING } from './writings.ts';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await testDevice();
});

/** A transformer of one narrow block that learns within seconds. */
function small(sparsity: PhaseParts['sparsity'], more: { evaluateEvery?: number } = {}, phase: Partial<PhaseParts> = {}): Experiment {
  const experiment = experimentFrom({
    preset: 'dense-mnist', data: { set: 'moby-dick', batch: 8, context: 16 },
    model: { kind: 'transformer', depth: 1, width: 16, heads: 2, feedForward: 32, norm: 'layer', activation: 'gelu' },
    phases: [{ steps: 30, optimizer: { name: 'adamw', rate: 0.01, warmup: 5, clip: 1, decay: 0.01 }, sparsity, ...phase }], evaluateEvery: 30, beside: { random: false, dense: false }, ...more,
  });
  const { experiment: parsed, notes } = parseExperiment(experiment);
  expect(notes).toEqual([]);
  return parsed;
}

/** A short text of which everything follows from the character before. */
const TURNS: Dataset = textDataset({
  id: 'turns', title: '', characters: '\n abcd', context: 16, licence: '', source: '',
  train: Uint8Array.from({ length: 2000 }, (_, i) => 2 + (i % 4)), test: Uint8Array.from({ length: 400 }, (_, i) => 2 + (i % 4)),
});

/** What follows a character of it. */
const TURN: Readonly<Record<string, string>> = { a: 'b', b: 'c', c: 'd', d: 'a' };

async function runAll(experiment: Experiment, dataset: Dataset, say: (event: RunEventBody) => RunCommand | undefined = () => undefined, more: Pick<RunInput, 'writes' | 'lingers'> = {}): Promise<RunEventBody[]> {
  const commands = createCommandPort();
  const events: RunEventBody[] = [];
  for await (const event of run({ gpu, experiment, dataset, commands, ...more })) {
    events.push(event);
    const command = say(event);
    if (command) commands.send(command);
  }
  return events;
}

const hashOf = (events: readonly RunEventBody[]): string | undefined => events.findLast((event) => event.type === 'finished')?.hash;
const lossesOf = (events: readonly RunEventBody[]): number[] =>
  events.flatMap((event) => (event.type === 'metrics' ? event.rows.filter(({ table }) => table === 'test').map(({ columns }) => columns.loss?.[0] as number) : []));
const textsOf = (events: readonly RunEventBody[]): Written[] =>
  events.flatMap((event) => (event.type === 'written' ? [event.written] : []));

/** Learns `TURNS` nearly by heart. */
const turning = (): Experiment => small({ method: 'dense' }, { evaluateEvery: 60 }, { steps: 120, optimizer: { name: 'adamw', rate: 0.02, warmup: 5, clip: 1, decay: 0 } });
let silent: Promise<string | undefined> | undefined;
/** Hash of that run where nobody lets it write. */
const inSilence = (): Promise<string | undefined> => (silent ??= runAll(turning(), TURNS).then(hashOf));

describe('a transformer in a run', () => {
  it('learns Moby Dick below the counts of characters, the same bits each time', async () => {
    await underScopes(gpu, async () => {
      const experiment = small({ method: 'dense' }, {}, { steps: 60 });
      const dataset = await loadDataset(experiment.data, experiment.seed, nodeData());
      const [a, b] = [await runAll(experiment, dataset), await runAll(experiment, dataset)];
      const [unigram] = textBaselines(dataset);
      // Before training all characters are about equally likely.
      expect(lossesOf(a)[0]).toBeCloseTo(Math.log(dataset.classes), 1);
      expect(lossesOf(a).at(-1)).toBeLessThan(unigram!.loss);
      expect(hashOf(a)).toBe(hashOf(b));
      expect(hashOf(a)).toMatch(/^[0-9a-f]{64}$/);
    });
  });

  it('writes what it has learned, and training does not change by that', async () => {
    await underScopes(gpu, async () => {
      const experiment = turning();
      const ask = (temperature: number): RunCommand => ({ type: 'write', arm: 'main', prompt: 'xab?', temperature, characters: 24 });
      const asked = await runAll(experiment, TURNS, (event) => (event.type === 'metrics' && event.rows.some(({ table, step }) => table === 'test' && step[0] === 60) ? ask(0) : undefined));
      expect(hashOf(asked)).toBe(await inSilence());
      // What the text has no character for is left out of the prompt.
      expect(textsOf(asked)).toEqual([{ arm: 'main', step: expect.toSatisfy((step: number) => step >= 60 && step < 120), prompt: 'ab', text: 'cdab'.repeat(6), temperature: 0, asked: true }]);
    });
  });

  it('tells with each evaluation what it writes, learns the same bits as in silence, and writes on for those who ask after the end', async () => {
    await underScopes(gpu, async () => {
      const experiment = turning();
      const late: (RunCommand | undefined)[] = [{ type: 'write', arm: 'main', prompt: 'bc', temperature: 0, characters: 5 }, { type: 'stop' }];
      const told = await runAll(experiment, TURNS, (event) => (event.type === 'finished' || (event.type === 'written' && event.written.asked) ? late.shift() : undefined), { writes: true, lingers: true });
      const texts = textsOf(told);
      expect(texts.map(({ arm, step, asked }) => [arm, step, asked])).toEqual([['main', 0, false], ['main', 60, false], ['main', 120, false], ['main', 120, true]]);
      for (const { text, prompt, temperature } of texts.slice(0, 3)) expect([[...text].length, prompt, temperature]).toEqual([WRITING.characters, WRITING.prompt, WRITING.temperature]);
      expect([...texts[0]!.text].filter((c, i, all) => i > 0 && TURN[all[i - 1]!] === c).length).toBeLessThan(80);
      expect([...texts[2]!.text].filter((c, i, all) => i > 0 && TURN[all[i - 1]!] === c).length).toBeGreaterThan(150);
      expect(hashOf(told)).toBe(await inSilence());
    });
  });

  it('has masks in the groups that are asked for, with exact counts, and gives the same bits with sparse storage', async () => {
    await underScopes(gpu, async () => {
      const base = small({ method: 'rigl', density: 0.25, updatePeriod: 10 });
      const experiment = { ...base, masks: { ...base.masks, query: false, embedding: true } };
      const masked = await runAll(experiment, TURNS);
      const layers = masked.find((event) => event.type === 'started')?.layers ?? [];
      expect(layers.filter(({ maskable }) => maskable).map(({ name }) => name)).toEqual(['embedding', 'block1.key', 'block1.value', 'block1.out', 'block1.up', 'block1.down']);
      const last = masked.findLast((event) => event.type === 'masks')!.snapshot;
      const ones = last.mask.reduce((sum, word) => sum + word.toString(2).replaceAll('0', '').length, 0);
      const weights = layers.filter(({ maskable }) => maskable).reduce((sum, layer) => sum + layer.out * layer.in, 0);
      expect(ones).toBe(Math.round(0.25 * weights));
      const csr = await runAll({ ...experiment, phases: experiment.phases.map((phase) => ({ ...phase, format: 'csr' as const })) }, TURNS);
      expect(hashOf(csr)).toBe(hashOf(masked));
    });
  });

  it('gathers a batch in micro-batches, and evaluates the same whatever the batch', async () => {
    await underScopes(gpu, async () => {
      const whole = await runAll(small({ method: 'dense' }), TURNS);
      const parts = await runAll(small({ method: 'dense' }, {}, { accumulate: 4 }), TURNS);
      lossesOf(whole).forEach((loss, i) => expect(lossesOf(parts)[i]).toBeCloseTo(loss, 3));
    });
  });

  it.each([{ positions: 'rotary', norm: 'rms', activation: 'swiglu', head: 'free', dropout: 0.1 }, { norm: 'none', activation: 'relu', heads: 4 }] as const)('trains with %o', async (model) => {
    await underScopes(gpu, async () => {
      const base = small({ method: 'dense' });
      const events = await runAll(parseExperiment({ ...base, model: { ...base.model, ...model } }).experiment, TURNS);
      const losses = lossesOf(events);
      expect(losses.at(-1)).toBeLessThan(0.7 * losses[0]!);
    });
  });

  it('refuses methods whose scores have no meaning in it', async () => {
    await expect(runAll(small({ method: 'synflow' as never, density: 0.5 }), TURNS)).rejects.toThrow('The flow through a transformer is not defined');
  });
});
