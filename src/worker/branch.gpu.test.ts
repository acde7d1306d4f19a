import { beforeAll, expect, it } from 'vitest';
import type { Dataset } from '../engine/data/dataset.ts';
import { loadDataset } from '../engine/data/index.ts';
import { createCommandPort } from '../engine/experiment/commands.ts';
import type { RunEventBody } from '../engine/experiment/events.ts';
import type { Edit, Experiment } from '../engine/experiment/experiment.ts';
import { parseExperiment } from '../engine/experiment/parse.ts';
import { run } from '../engine/experiment/run.ts';
import { openGpu, type Gpu } from '../engine/gpu/device.ts';
import { nodeData } from '../node/data.ts';
import { readShaders } from '../node/shaders.ts';
import { testGpu } from '../node/testGpu.ts';
import type { BranchPoint } from './protocol.ts';
import { trainThroughLoss } from './recovery.ts';
import { createStates, type States } from './states.ts';

const { experiment } = parseExperiment({
  preset: 'rigl-moons', seed: 7, evaluateEvery: 50, beside: { random: true, dense: false }, edits: [{ step: 20, path: 'optimizer.rate', value: 0.02 }],
  phases: [{ steps: 80, sparsity: { method: 'rigl', density: 0.2, updatePeriod: 10 } }],
});

let gpu: Gpu;
let dataset: Dataset;
const states = createStates();
let whole: RunEventBody[];

beforeAll(async () => {
  gpu = await openGpu(await testGpu(), readShaders());
  dataset = await loadDataset(experiment.data, experiment.seed, nodeData());
  whole = await train(experiment, { keepIn: states });
});

/** Trains as the worker does; where states are kept, one with every mask update. */
async function train(trained: Experiment, { keepIn, branch }: { keepIn?: States; branch?: BranchPoint } = {}): Promise<RunEventBody[]> {
  const checkpoint = branch?.silent ? states.nearest(trained, branch.step) : undefined;
  const commands = createCommandPort();
  const events: RunEventBody[] = [];
  const told = trainThroughLoss({
    commands, paused: false, now: () => 0, wait: () => Promise.resolve(), open: () => Promise.resolve(),
    ...(branch && { branch }), ...(checkpoint && { checkpoint }),
    keep: (state, edits) => keepIn?.keep(trained, edits, state),
    start: (from) => run({ ...from, gpu, experiment: trained, dataset, tune: false, ...(branch?.silent && { evaluateFrom: branch.step + 1 }) }),
  });
  for await (const event of told) {
    events.push(event);
    if (keepIn && event.type === 'masks') commands.send({ type: 'checkpoint' });
  }
  return events;
}

const hashOf = (events: readonly RunEventBody[]): string => events.flatMap((event) => (event.type === 'finished' ? event.hash : []))[0] ?? 'none';
const stepOf = (event: RunEventBody): number[] => (event.type === 'masks' ? [event.snapshot.step] : 'step' in event ? [event.step] : []);

/** Rows of a table behind a step, as [step, value]. */
const rowsBehind = (events: readonly RunEventBody[], step: number, table: string, column: string): [number, number][] => events
  .flatMap((event) => (event.type === 'metrics' ? event.rows : []))
  .filter((rows) => rows.arm === 'main' && rows.table === table)
  .flatMap((rows) => Array.from(rows.step, (at, i): [number, number] => [at, rows.columns[column]?.[i] ?? Number.NaN]))
  .filter(([at]) => at > step);

it.each([20, 47])('a branch from step %i without changes tells what the run told behind it, and ends with its parameters', async (step) => {
  const events = await train(experiment, { branch: { step, silent: true } });
  expect(hashOf(events)).toBe(hashOf(whole));
  for (const [table, column] of [['train', 'loss'], ['test', 'accuracy'], ['mask', 'density']] as const) {
    expect(rowsBehind(events, 0, table, column), table).toEqual(rowsBehind(whole, step, table, column));
  }
  const masks = (all: readonly RunEventBody[]): RunEventBody[] => all.filter((event) => event.type === 'masks' && event.snapshot.step > step);
  expect(masks(events)).toEqual(masks(whole));
  expect(events.filter(({ type }) => type === 'edit')).toHaveLength(step <= 20 ? 1 : 0);
  expect(Math.min(...events.filter(({ type }) => type !== 'replaying').flatMap(stepOf))).toBeGreaterThanOrEqual(Math.min(20, step));
});

it('states of the run shorten the way', () => {
  expect(states.nearest(experiment, 47)?.step).toBeGreaterThan(20);
});

it('a branch with a change is the run that its link describes, from whichever state it began', async () => {
  const edits: Edit[] = [...experiment.edits, { step: 47, path: 'optimizer.rate', value: 0.5 }];
  const changed = { ...experiment, edits };
  const [branch, told, linked] = [await train(changed, { branch: { step: 47, silent: true } }), await train(changed, { branch: { step: 47, silent: false } }), await train(changed)];
  expect(new Set([branch, told, linked].map(hashOf)).size).toBe(1);
  expect(hashOf(branch)).not.toBe(hashOf(whole));
  expect(rowsBehind(told, 0, 'train', 'loss')).toEqual(rowsBehind(linked, 0, 'train', 'loss'));
});
