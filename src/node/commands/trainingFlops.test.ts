import { expect, test } from 'vitest';
import type { Dataset } from '../../engine/data/dataset.ts';
import { costOf } from '../../engine/experiment/cost.ts';
import type { MetricRows } from '../../engine/experiment/events.ts';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import { createNetworks } from '../../engine/experiment/network.ts';
import { setPath } from '../../engine/experiment/paths.ts';
import { findPreset } from '../../engine/experiment/presets/index.ts';
import { append, createRunLog } from '../../engine/experiment/runLog.ts';
import { trainingFlops as fromLog } from '../../engine/experiment/stepFlops.ts';
import { readShaders } from '../shaders.ts';
import { createDryGpu } from '../../engine/gpu/dryGpu.ts';
import { createPipelines } from '../../engine/gpu/pipelines.ts';
import { trainingFlops as fromPrograms } from './trainingFlops.ts';

const image = { width: 28, height: 28 };
const half = { count: 1000, values: new Uint8Array(1000 * 784), labels: new Uint8Array(1000) };
const dataset: Dataset = { id: 'mnist-10k', title: '', features: 784, classes: 10, train: half, test: half, scale: 1, shift: 0, mean: 0, std: 1, image, licence: '', source: '' };

const STEPS = 40;
/** An experiment of a preset, short, and its masks at steps 0, 10, 20 and 30 with falling densities. */
function example(preset: string, settings: readonly (readonly [string, unknown])[]): { experiment: Experiment; rows: MetricRows[] } {
  const experiment = [['steps', STEPS] as const, ...settings].reduce((e, [path, value]) => setPath(e, path, value), findPreset(preset).experiment);
  const names = experiment.model.kind === 'cnn' ? ['conv1', 'conv2', 'fc1'] : ['fc1', 'fc2'];
  const rows = [0, 10, 20, 30].map((step, i): MetricRows => ({
    arm: 'main', table: 'mask', step: Uint32Array.of(step),
    columns: Object.fromEntries(names.map((name, l) => [`${name}.density`, Float32Array.of(0.5 / (i + 1) / (l + 1))])),
  }));
  return { experiment, rows };
}

test.each([
  ['dense-mnist', [], 0],
  ['gmp-mnist', [], 0.01],
  ['rigl-mnist', [], 0.01],
  ['rigl-mnist', [['model.kind', 'cnn'], ['model.channels', '4-8'], ['data.batch', 16]], 0.01],
] as const)('FLOPs from a log are those that the programs of %s count, %j', async (preset, settings, tolerance) => {
  const { experiment, rows } = example(preset, settings);
  const { gpu } = createDryGpu((device) => createPipelines(device, readShaders()));
  const networks = createNetworks(gpu, { ...experiment, beside: { random: false, dense: false } }, dataset);
  await networks.enterPhase(0);
  const main = networks.arms[0]!;
  const log = createRunLog();
  append(log, { runId: 'r', seq: 0, type: 'started', experiment, layers: main.layers, arms: ['main'], totalSteps: STEPS, cost: [costOf(main, networks.arena, 0, STEPS - 1)], biases: 0, notes: [] });
  append(log, { runId: 'r', seq: 1, type: 'metrics', rows });
  append(log, { runId: 'r', seq: 2, type: 'finished', step: STEPS, hash: '', variants: {} });
  networks.destroy();
  const { sparse } = await fromPrograms(experiment, dataset, rows, 0, STEPS);
  const { steps, values } = fromLog(log, dataset);
  expect(steps.at(-1)).toBe(STEPS);
  // Scoring and selection of updates are left out.
  expect(values.at(-1)! / sparse).toBeGreaterThan(1 - Math.max(1e-6, tolerance));
  expect(values.at(-1)! / sparse).toBeLessThan(1 + 1e-6);
});
