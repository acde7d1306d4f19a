import { expect, it } from 'vitest';
import { loadDataset } from '../engine/data/index.ts';
import { createCommandPort } from '../engine/experiment/commands.ts';
import type { RunEventBody } from '../engine/experiment/events.ts';
import { parseExperiment } from '../engine/experiment/parse.ts';
import { run } from '../engine/experiment/run.ts';
import { openGpu, type Gpu } from '../engine/gpu/device.ts';
import { nodeData } from '../node/data.ts';
import { readShaders } from '../node/shaders.ts';
import { testGpu } from '../node/testGpu.ts';
import { trainThroughLoss } from './recovery.ts';

const STEPS = 120;
const { experiment } = parseExperiment({
  preset: 'rigl-moons', seed: 7, evaluateEvery: 50, beside: { random: true, dense: false },
  phases: [{ steps: STEPS, sparsity: { method: 'rigl', density: 0.2, updatePeriod: 10 } }],
});

/** Trains; the device is destroyed at the first event of which `breaks` is true, once. */
async function train(breaks: (event: RunEventBody) => boolean): Promise<RunEventBody[]> {
  const dataset = await loadDataset(experiment.data, experiment.seed, nodeData());
  const open = async (): Promise<Gpu> => openGpu(await testGpu(), readShaders());
  let gpu = await open();
  let clock = 0;
  let broken = false;
  const events: RunEventBody[] = [];
  const told = trainThroughLoss({
    commands: createCommandPort(), paused: false,
    // Every look at this clock is a second: states are kept often.
    now: () => (clock += 1000),
    wait: () => Promise.resolve(),
    open: async () => void (gpu = await open()),
    start: (from) => run({ ...from, gpu, experiment, dataset, tune: false }),
  });
  for await (const event of told) {
    events.push(event);
    if (broken || !breaks(event)) continue;
    broken = true;
    gpu.device.destroy();
  }
  gpu.device.destroy();
  return events;
}

const rowsOf = (events: readonly RunEventBody[], table: string, column: string): [number, number][] => events
  .flatMap((event) => (event.type === 'metrics' ? event.rows : []))
  .filter((rows) => rows.arm === 'main' && rows.table === table)
  .flatMap(({ step, columns }) => Array.from(step, (at, i): [number, number] => [at, columns[column]?.[i] ?? Number.NaN]));

it('a run whose device is lost tells what an unbroken one tells, to the bit', async () => {
  const whole = await train(() => false);
  const cut = await train((event) => event.type === 'metrics' && event.rows.some(({ table, step }) => table === 'train' && (step.at(-1) ?? 0) >= STEPS / 2));
  const recovered = cut.find(({ type }) => type === 'recovered');
  expect(recovered?.type === 'recovered' && recovered.step).toBeGreaterThan(0);
  expect(cut.at(-1)).toEqual(whole.at(-1));
  for (const [table, column] of [['train', 'loss'], ['test', 'accuracy'], ['mask', 'density']] as const) {
    expect(rowsOf(cut, table, column), table).toEqual(rowsOf(whole, table, column));
  }
  const masks = (events: readonly RunEventBody[]): unknown[] => events.filter(({ type }) => type === 'masks');
  expect(masks(cut)).toEqual(masks(whole));
});
