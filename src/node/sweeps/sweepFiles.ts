import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { parseExperiment } from '../../engine/experiment/parse.ts';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import { type FolderKind, openRunFolder, readChecked, readRuns, type KeptRun, type RunFolder } from '../claims/keptRuns.ts';
import { UsageError } from '../commands/usageError.ts';
import { sweepOf, type Sweep } from './grid.ts';

/** Files of a sweep's folder beside the runs. */
export const SWEEP_FILES = { sweep: 'sweep.json', table: 'runs.csv', report: 'report.json', figure: 'figure.svg' } as const;
const SWEEP_KIND: FolderKind<keyof typeof SWEEP_FILES> = { noun: 'sweep', files: SWEEP_FILES };

/** The folder of a sweep, or of a share of it. */
export type SweepFolder = RunFolder<keyof typeof SWEEP_FILES>;

const definition = v.object({
  format: v.literal(1),
  hash: v.string(),
  seeds: v.pipe(v.number(), v.integer(), v.minValue(1)),
  axes: v.array(v.object({ path: v.string(), values: v.array(v.string()) })),
  experiment: v.unknown(),
});

/** Opens or makes the folder of a sweep, and writes down in it what is swept. @throws UsageError as `openRunFolder` does, and where another sweep is there */
export function openSweepFolder(path: string, sweep: Sweep, experiment: Experiment): SweepFolder {
  const file = join(path, SWEEP_FILES.sweep);
  if (existsSync(file)) {
    const { hash } = readChecked(file, definition);
    if (hash !== sweep.hash) throw new UsageError(`${path} holds another sweep: other settings, or another version of Sparseland; choose another folder with --out DIR.`);
  }
  const folder = openRunFolder(path, sweep.hash, SWEEP_KIND);
  folder.write('sweep', `${JSON.stringify({ format: 1, hash: sweep.hash, seeds: sweep.seeds, axes: sweep.axes, experiment }, null, 2)}\n`);
  return folder;
}

/** What a folder says it sweeps, made anew from its settings, and the runs in it. */
export interface Shard {
  path: string;
  experiment: Experiment;
  sweep: Sweep;
  runs: readonly KeptRun[];
}

/** Reads a folder of a sweep. @throws UsageError where it is none, was changed, or is of another version of Sparseland */
export async function readShard(path: string): Promise<Shard> {
  const file = join(path, SWEEP_FILES.sweep);
  if (!existsSync(file)) throw new UsageError(`${path} is not the folder of a sweep: it has no ${SWEEP_FILES.sweep}.`);
  const { hash, seeds, axes, experiment: input } = readChecked(file, definition);
  const { experiment, notes } = parseExperiment(input);
  if (notes[0] !== undefined) throw new UsageError(`${file}: ${notes[0]}.`);
  const sweep = await sweepOf(experiment, axes, seeds);
  if (sweep.hash !== hash) throw new UsageError(`${file} is of another version of Sparseland, or was changed; run its sweep again.`);
  return { path, experiment, sweep, runs: readRuns(path, hash, SWEEP_KIND) };
}

/**
 * All runs of shards of one sweep, each once.
 * @throws UsageError that names the two folders where they are of other sweeps or devices, or differ in a run
 */
export function mergedRuns(shards: readonly Shard[]): KeptRun[] {
  const [first] = shards as [Shard, ...Shard[]];
  const found = new Map<string, { run: KeptRun; path: string }>();
  const device = shards.flatMap(({ runs, path }) => runs.slice(0, 1).map(({ adapter }) => ({ adapter, path })))[0];
  for (const { path, sweep, runs } of shards) {
    if (sweep.hash !== first.sweep.hash) throw new UsageError(`${path} and ${first.path} are of two sweeps: ${differenceOf(sweep, first.sweep)}.`);
    if (sweep.seeds !== first.sweep.seeds) throw new UsageError(`${path} has ${sweep.seeds} seeds and ${first.path} ${first.sweep.seeds}; give all shards the same --seeds.`);
    for (const run of runs) {
      if (device && run.adapter !== device.adapter) throw new UsageError(`${path} was run on ${run.adapter} and ${device.path} on ${device.adapter}: numbers of two devices are not compared. Run all shards on devices of one kind.`);
      const key = `${run.arm} ${run.seed}`;
      const other = found.get(key);
      if (other && (other.run.hash !== run.hash || other.run.value !== run.value)) throw new UsageError(`${run.arm}, seed ${run.seed}, came out differently in ${path} and ${other.path}; one of them was changed. Remove it and run that shard again.`);
      if (!other) found.set(key, { run, path });
    }
  }
  return [...found.values()].map(({ run }) => run);
}

function differenceOf(a: Sweep, b: Sweep): string {
  const written = ({ axes }: Sweep): string => axes.map(({ path, values }) => `${path}=${values.join(',')}`).join(' ');
  return written(a) === written(b) ? 'their experiments differ in other settings' : `${written(a)} against ${written(b)}`;
}
