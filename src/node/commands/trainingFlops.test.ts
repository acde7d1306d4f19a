import { expect, test } from 'vitest';
import type { Dataset } from '../../engine/data/dataset.ts';
import { costOf } from '../../engine/experiment/cost.ts';
import type { MetricRows } from '../../engine/experiment/events.ts';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import { ledgerAt, ledgerUpTo, totalOf, trainingFlops as fromLog } from '../../engine/experiment/ledger.ts';
import { networkSpec } from '../../engine/experiment/model.ts';
import { createNetworks } from '../../engine/experiment/network.ts';
import { setPath } from '../../engine/experiment/paths.ts';
import { findPreset } from '../../engine/experiment/presets/index.ts';
import { append, createRunLog, type RunLog } from '../../engine/experiment/runLog.ts';
import { networkLayers } from '../../engine/nn/layers.ts';
import { readShaders } from '../shaders.ts';
import { createDryGpu } from '../../engine/gpu/dryGpu.ts';
import { createPipelines } from '../../engine/gpu/pipelines.ts';
import { trainingFlops as fromPrograms } from './trainingFlops.ts';

const image = { width: 28, height: 28 };
const half = { count: 1000, values: new Uint8Array(1000 * 784), labels: new Uint8Array(1000) };
const digits: Dataset = { id: 'mnist-10k', title: '', features: 784, classes: 10, train: half, test: half, scale: 1, shift: 0, mean: 0, std: 1, image, licence: '', source: '' };
const codes = { count: 100, values: new Uint8Array(2000), labels: new Uint8Array(0) };
const book: Dataset = { ...digits, id: 'moby-dick', features: 16, classes: 75, train: codes, test: codes, text: { characters: 'a', stride: { train: 1, test: 16 } } };
const dataOf = ({ data }: Experiment): Dataset => (data.set === 'moby-dick' ? book : digits);

const STEPS = 40;
type Settings = readonly (readonly [string, unknown])[];

const experimentOf = (preset: string, settings: Settings): Experiment =>
  [['steps', STEPS] as const, ['beside.random', false] as const, ['beside.dense', false] as const, ...settings].reduce((e, [path, value]) => setPath(e, path, value), findPreset(preset).experiment);

/** An experiment of a preset, short, and its masks at steps 0, 10, 20 and 30 with falling densities. */
function example(preset: string, settings: Settings): { experiment: Experiment; rows: MetricRows[] } {
  const experiment = experimentOf(preset, settings);
  const names = networkLayers(networkSpec(experiment, dataOf(experiment))).map(({ name }) => name);
  const rows = [0, 10, 20, 30].map((step, i): MetricRows => ({
    arm: 'main', table: 'mask', step: Uint32Array.of(step),
    columns: Object.fromEntries(names.map((name, l) => [`${name}.density`, Float32Array.of(0.5 / (i + 1) / (l + 1))])),
  }));
  return { experiment, rows };
}

/** Log of a run with these mask rows, whose cost is that of its programs. */
async function logOf(experiment: Experiment, rowsOf: (planned: ReadonlyMap<string, number>) => MetricRows[]): Promise<RunLog> {
  const { gpu } = createDryGpu((device) => createPipelines(device, readShaders()));
  const networks = createNetworks(gpu, experiment, dataOf(experiment));
  await networks.enterPhase(0);
  const main = networks.arms[0]!;
  const log = createRunLog();
  const cost = [costOf(main, networks.arena, 0, STEPS - 1)];
  const planned = new Map(main.layout.layers.map(({ name, length }, l) => [name.replace('.weight', ''), (main.planned(STEPS - 1)[l] ?? length) / length]));
  append(log, { runId: 'r', seq: 0, type: 'started', experiment, layers: main.layers, arms: ['main'], totalSteps: STEPS, cost, biases: 0, notes: [] });
  append(log, { runId: 'r', seq: 1, type: 'metrics', rows: rowsOf(planned) });
  append(log, { runId: 'r', seq: 2, type: 'finished', step: STEPS, hash: '', variants: {} });
  networks.destroy();
  return log;
}

const SMALL = [['data.set', 'moby-dick'], ['data.context', 16], ['data.batch', 4], ['model.width', 16], ['model.heads', 2], ['model.feedForward', 32]] as const;
const NM = [['masks.granularity', 'nm'], ['masks.n', 2], ['masks.m', 8]] as const;

const RUNS: readonly (readonly [string, Settings, number])[] = [
  ['dense-mnist', [], 0],
  ['gmp-mnist', [], 0.01],
  ['rigl-mnist', [], 0.01],
  ['rigl-mnist', [['model.kind', 'cnn'], ['model.channels', '4-8'], ['data.batch', 16]], 0.01],
  ['rigl-mnist', [['frozen', '1']], 0.01],
  ['rigl-mnist', [...NM, ['format', 'nm']], 0.01],
  ['rigl-mnist', [...NM, ['sparsity.method', 'ste'], ['format', 'nm']], 0.01],
  ['rigl-mnist', [...NM, ['sparsity.method', 'bdwp']], 0.01],
  ['rigl-mnist', [...NM, ['sparsity.method', 'bdwp'], ['model.kind', 'cnn'], ['model.channels', '4-8'], ['data.batch', 16]], 0.01],
  ['rigl-mnist', [...NM, ['sparsity.method', 'mdgf']], 0.01],
  ['sr-ste-moby', [...SMALL], 0.01],
  ['ste-moby', [...SMALL, ['model.head', 'free']], 0.01],
];

test.each(RUNS)('FLOPs from a log are those that the programs of %s count, %j', async (preset, settings, tolerance) => {
  const { experiment, rows } = example(preset, settings);
  const log = await logOf(experiment, () => rows);
  const { sparse } = await fromPrograms(experiment, dataOf(experiment), rows, 0, STEPS);
  const { steps, values } = fromLog(log, dataOf(experiment));
  expect(steps.at(-1)).toBe(STEPS);
  // Scoring and selection of updates are left out.
  expect(values.at(-1)! / sparse).toBeGreaterThan(1 - Math.max(1e-6, tolerance));
  expect(values.at(-1)! / sparse).toBeLessThan(1 + 1e-6);
  expect(totalOf(ledgerUpTo(log, dataOf(experiment), STEPS)!).theory / values.at(-1)!).toBeCloseTo(1, 6);
});

test.each(RUNS)('a step in the ledger of %s, %j, comes to the figures that the cost panel tells', async (preset, settings) => {
  const experiment = experimentOf(preset, settings);
  const log = await logOf(experiment, (planned) => [{ arm: 'main', table: 'mask', step: Uint32Array.of(0), columns: Object.fromEntries([...planned].map(([name, density]) => [`${name}.density`, Float32Array.of(density)])) }]);
  const { dense, theory, executable } = totalOf(ledgerAt(log, dataOf(experiment), STEPS)!);
  const [{ flops, denseFlops } = { flops: 0, denseFlops: 0 }] = log.cost;
  expect(dense).toBe(denseFlops);
  expect(theory / flops).toBeCloseTo(1, 6);
  expect(executable).toBeGreaterThanOrEqual(theory);
  expect(executable).toBeLessThanOrEqual(dense);
});
