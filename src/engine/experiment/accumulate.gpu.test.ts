import { describe, expect, it } from 'vitest';
import { testDevice, underScopes } from '../../node/testDevice.ts';
import { loadDataset } from '../data/index.ts';
import { decodeCheckpoint } from './checkpoint.ts';
import { createCommandPort } from './commands.ts';
import { experimentFrom, type PhaseParts } from './defaults.ts';
import type { CostFacts, RunEventBody } from './events.ts';
import type { Experiment } from './experiment.ts';
import { run, type RunInput } from './run.ts';

const noFiles = (): Promise<never> => Promise.reject(new Error('Generated data need no files.'));

/** Batches of 48 out of 500 examples, so that some straddle two epochs. */
const experimentOf = (phase: Partial<PhaseParts>, model: object = {}): Experiment => experimentFrom({
  preset: 'rigl-moons', data: { set: 'moons', batch: 48, noise: 0.1, samples: 500 }, model: { hidden: [24, 16], ...model }, evaluateEvery: 1000, beside: { random: false, dense: false },
  phases: [{ steps: 30, optimizer: { rate: 0.1, clip: 1 }, sparsity: { method: 'rigl', density: 0.3, updatePeriod: 10 }, ...phase }],
});

interface Ended {
  hash: string;
  params: Float32Array;
  state: Uint8Array;
  cost: CostFacts | undefined;
  column(name: string): number[];
}

async function train(experiment: Experiment, options: Partial<RunInput> = {}): Promise<Ended> {
  const gpu = await testDevice();
  const dataset = await loadDataset(experiment.data, experiment.seed, noFiles);
  const events: RunEventBody[] = [];
  await underScopes(gpu, async () => {
    for await (const event of run({ gpu, experiment, dataset, commands: createCommandPort(), tune: false, saveAtEnd: true, ...options })) events.push(event);
  });
  const [state] = events.flatMap((e) => (e.type === 'checkpoint' ? [e.checkpoint.bytes] : []));
  const [started] = events.flatMap((e) => (e.type === 'started' ? [e] : []));
  const last = events.at(-1);
  if (!state || last?.type !== 'finished') throw new Error(`ended with ${last?.type}`);
  const rows = events.flatMap((e) => (e.type === 'metrics' ? e.rows : [])).filter((r) => r.table === 'train');
  return {
    hash: last.hash, state, cost: started?.cost[0],
    params: new Float32Array(decodeCheckpoint(state).arms[0]?.buffers['params']?.slice().buffer ?? new ArrayBuffer(0)),
    column: (name) => rows.flatMap((r) => Array.from(r.columns[name] ?? [])),
  };
}

const far = (a: readonly number[] | Float32Array, b: readonly number[] | Float32Array): number => Math.max(...Array.from(a, (x, i) => Math.abs(x - (b[i] as number))));

describe('a step of several micro-batches', () => {
  it.each([2, 3, 16])('is the step of the whole batch to 1e-6: %i parts', async (accumulate) => {
    const step = (parts: number): Promise<Ended> => train(experimentOf({ steps: 1, accumulate: parts, optimizer: { rate: 0.1 } }));
    const [whole, parts] = [await step(1), await step(accumulate)];
    expect(far(whole.params, parts.params)).toBeLessThan(1e-6);
    expect(far(whole.column('gradNorm'), parts.column('gradNorm'))).toBeLessThan(1e-6);
    // Losses and answers are gathered first, and summed as those of a whole batch.
    expect([parts.column('loss'), parts.column('accuracy')]).toEqual([whole.column('loss'), whole.column('accuracy')]);
  });

  it('trains as the whole batch does, through mask updates and borders of epochs', async () => {
    const [whole, parts] = [await train(experimentOf({})), await train(experimentOf({ accumulate: 4 }))];
    expect(parts.column('loss')).toHaveLength(30);
    expect(far(whole.column('loss'), parts.column('loss'))).toBeLessThan(1e-4);
    expect(parts.hash).not.toBe(whole.hash);
    expect([parts.cost?.denseFlops, parts.cost?.dispatches].map((x, i) => (x as number) / ([whole.cost?.denseFlops, whole.cost?.dispatches][i] as number) > 1)).toEqual([true, true]);
  });

  it('gives the same bits again, a step at a time, resumed, beside other networks, and stored as csr', async () => {
    const experiment = experimentOf({ accumulate: 4 });
    const { hash } = await train(experiment);
    expect((await train(experiment)).hash).toBe(hash);
    expect((await train({ ...experiment, beside: { random: true, dense: true } })).hash).toBe(hash);
    expect((await train(experimentOf({ accumulate: 4, format: 'csr' }))).hash).toBe(hash);
    const commands = createCommandPort();
    for (let i = 0; i < 13; i++) commands.send({ type: 'step' });
    const half = train(experiment, { commands, paused: true }).catch((error: unknown) => error);
    commands.send({ type: 'resume' });
    expect(await half).toMatchObject({ hash });
  });

  it('goes on from a checkpoint between two phases', async () => {
    const [phase] = experimentOf({ accumulate: 3, frozen: [1] }).phases;
    const first = experimentOf({ accumulate: 4 });
    const both = { ...first, phases: [...first.phases, ...(phase ? [phase] : [])] };
    expect((await train(both, { checkpoint: (await train(first)).state })).hash).toBe((await train(both)).hash);
  });

  it('draws dropout anew for each of them', async () => {
    /** Loss of the first step on one batch of 24 examples, `times` over. */
    const loss = async (times: number, dropout: number): Promise<number> => {
      const experiment = experimentOf({ steps: 1, accumulate: times, sampler: 'sequential', sparsity: { method: 'dense' } }, { dropout });
      const dataset = await loadDataset(experiment.data, experiment.seed, noFiles);
      const { values, labels } = dataset.train;
      values.copyWithin(2 * 24, 0, 2 * 24);
      labels.copyWithin(24, 0, 24);
      return (await train({ ...experiment, data: { ...experiment.data, batch: 24 * times } }, { dataset })).column('loss')[0] as number;
    };
    expect(await loss(2, 0)).toBeCloseTo(await loss(1, 0), 6);
    // With one pattern for both, twice the same examples would give the same loss.
    expect(Math.abs((await loss(2, 0.5)) - (await loss(1, 0.5)))).toBeGreaterThan(1e-3);
  });
});
