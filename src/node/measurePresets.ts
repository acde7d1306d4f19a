/*
 * Measures what the presets reach: mean and standard deviation over seeds 1 to 5 of the final test accuracy, of texts of
 * the bits per character, of the full experiment and of its small copy. `npm run measure [-- ID ...] [--small]` prints a line for each; the figures go into
 * the preset's file by hand, so that a change of them is seen in review.
 */
import { bitsOfLoss } from '../engine/data/baselines.ts';
import { loadDataset } from '../engine/data/index.ts';
import { createCommandPort } from '../engine/experiment/commands.ts';
import type { Experiment } from '../engine/experiment/experiment.ts';
import { setPath } from '../engine/experiment/paths.ts';
import { totalSteps } from '../engine/experiment/phases.ts';
import { PRESETS, type PresetMetric } from '../engine/experiment/presets/index.ts';
import { run } from '../engine/experiment/run.ts';
import { openGpu, type Gpu } from '../engine/gpu/device.ts';
import { openNodeGpu } from './adapter.ts';
import { nodeData } from './data.ts';
import { readShaders } from './shaders.ts';

const SEEDS = [1, 2, 3, 4, 5];

/** By metric: the column of an evaluation, how a value of it counts, and what the uniform predictor reaches. */
const METRICS: Readonly<Record<PresetMetric, { column: string; of(value: number): number; chance(classes: number): number }>> = {
  testAccuracy: { column: 'accuracy', of: (share) => share, chance: (classes) => 1 / classes },
  testBits: { column: 'loss', of: bitsOfLoss, chance: Math.log2 },
};

/** Mean of the last three evaluations, as the verdicts use it; fewer where there are fewer, and chance where it diverged. */
export async function finalValue(gpu: Gpu, experiment: Experiment, metric: PresetMetric): Promise<number> {
  const { column, of, chance } = METRICS[metric];
  const dataset = await loadDataset(experiment.data, experiment.seed, nodeData());
  const values: number[] = [];
  for await (const event of run({ gpu, experiment, dataset, commands: createCommandPort() })) {
    if (event.type === 'diverged' || event.type === 'lost') return chance(dataset.classes);
    if (event.type !== 'metrics') continue;
    for (const row of event.rows) if (row.arm === 'main' && row.table === 'test') values.push(...(row.columns[column] ?? []));
  }
  const last = values.slice(-3);
  return of(last.reduce((a, b) => a + b, 0) / last.length);
}

/** The shrunken copy of a preset, or null where it has none. */
export function smallCopy(id: string): Experiment | null {
  const preset = PRESETS[id];
  if (!preset?.small) return null;
  return preset.small.set.reduce<Experiment>((experiment, [path, value]) => setPath(experiment, path, value), preset.experiment);
}

async function measure(): Promise<void> {
  const wanted = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
  const onlySmall = process.argv.includes('--small');
  const { gpu: api, describe } = await openNodeGpu();
  const gpu = await openGpu(api, readShaders());
  console.log(describe);
  for (const [id, preset] of Object.entries(PRESETS)) {
    if (wanted.length > 0 && !wanted.includes(id)) continue;
    const copies = [['small', smallCopy(id)], ['full', onlySmall ? null : { ...preset.experiment, beside: { random: false, dense: false } }]] as const;
    for (const [name, experiment] of copies) {
      if (!experiment) continue;
      const values: number[] = [];
      for (const seed of SEEDS) values.push(await finalValue(gpu, { ...experiment, seed }, preset.metric));
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      const sd = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1));
      console.log(`${id} ${name}: { mean: ${mean.toFixed(4)}, sd: ${sd.toFixed(4)}, seeds: ${values.length}, steps: ${totalSteps(experiment)} } ${values.map((v) => v.toFixed(4)).join(' ')}`);
    }
  }
  process.exit(0);
}

if (process.argv[1]?.endsWith('measurePresets.ts')) void measure();
