import { join } from 'node:path';
import { judge } from '../../engine/claims/judge.ts';
import { wordsOf } from '../../engine/claims/words.ts';
import { claimReport, comparedAt, tidyCsv } from '../claims/claimReport.ts';
import type { KeptRun } from '../claims/keptRuns.ts';
import { runClaim } from '../claims/runClaim.ts';
import { nodeData } from '../data.ts';
import { readAxis, sweepOf, type Sweep } from '../sweeps/grid.ts';
import { mergedRuns, openSweepFolder, readShard, SWEEP_FILES, type SweepFolder } from '../sweeps/sweepFiles.ts';
import { sweepSvg } from '../sweeps/sweepSvg.ts';
import { type Given, type OptionTable, readArguments, wholeNumber } from './arguments.ts';
import { chooseExperiment, EXPERIMENT_OPTIONS } from './chooseExperiment.ts';
import { createShown, MAX_SEEDS, refuseFewer } from './claim.ts';
import type { Command, Terminal } from './command.ts';
import { alignedTable } from './list.ts';
import { openDevice } from './openDevice.ts';
import { UsageError } from './usageError.ts';

const { seed: _, ...EXPERIMENT } = EXPERIMENT_OPTIONS;

const OPTIONS = {
  ...EXPERIMENT,
  vary: { kind: 'list', placeholder: 'PATH=VALUE,VALUE', help: 'a setting and its values; more than once for all combinations' },
  seeds: { kind: 'value', placeholder: 'N', help: 'seeds 1 to N; 3 where absent' },
  out: { kind: 'value', placeholder: 'DIR', help: 'folder for runs and report, and to go on from' },
  shard: { kind: 'value', placeholder: 'I/N', help: 'only every Nth run, from the Ith on' },
} as const satisfies OptionTable;

const MAX_SHARDS = 10_000;

/** `sweep`: a grid of settings by seeds, and `sweep merge`, which joins shares of it. */
export const sweep: Command = {
  usage: 'sweep --preset ID --vary PATH=A,B,C [--vary ...] --seeds N --out DIR [--shard I/N]',
  summary: 'runs a grid of settings seed by seed and judges it; `sweep merge DIR... --out DIR` joins shards',
  options: OPTIONS,
  async run(args, terminal) {
    const given = readArguments(args, OPTIONS, MAX_SHARDS);
    const [verb, ...folders] = given.words;
    if (verb === 'merge') return merge(folders, given, terminal);
    if (verb !== undefined) throw new UsageError(`sweep takes options, or the word merge, not ${verb}.`);
    await runSweep(given, terminal);
    return 0;
  },
};

function outOf(given: Given): string {
  const out = given.value('out');
  if (out === undefined) throw new UsageError('Say where to: --out DIR. A sweep that was cut off goes on from its folder.');
  return out;
}

/** Which runs are done here. */
function shareOf(text: string | undefined): { share?: (index: number) => boolean } {
  if (text === undefined) return {};
  const [, i = '', n = ''] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  if (i === '') throw new UsageError(`--shard takes I/N, such as 1/4, not ${text.slice(0, 40)}.`);
  const count = wholeNumber('shard', n, 1, MAX_SHARDS);
  const own = wholeNumber('shard', i, 1, count) - 1;
  return { share: (index) => index % count === own };
}

/** Runs what is missing of a sweep, or of a share of it, in its folder, and writes what there is. */
export async function runSweep(given: Given, terminal: Terminal, open: typeof openDevice = openDevice): Promise<void> {
  const out = outOf(given);
  const share = shareOf(given.value('shard'));
  const experiment = chooseExperiment(given);
  const seeds = wholeNumber('seeds', given.value('seeds') ?? '3', 1, MAX_SEEDS);
  const asked = await sweepOf(experiment, given.values('vary').map(readAxis), seeds);
  const folder = openSweepFolder(out, asked, experiment);
  refuseFewer(folder.looks(), seeds, out);
  const progress = createShown(terminal);
  const { compared, hash } = asked;
  await runClaim({ claim: compared, hash, seeds, folder, ...share, openDevice: open, fetchBytes: nodeData(terminal.warn), tell: progress.tell }).finally(progress.clear);
  settle(asked, folder, out, terminal);
}

/** Joins shards of one sweep in a folder of their own. */
async function merge(paths: readonly string[], given: Given, terminal: Terminal): Promise<number> {
  const other = ['preset', 'experiment', 'set', 'steps', 'vary', 'seeds', 'shard'].find((name) => given.has(name));
  if (other !== undefined) throw new UsageError(`sweep merge takes folders and --out DIR, not --${other}: what was swept stands in the folders.`);
  if (paths.length === 0) throw new UsageError('Say which folders to join: sweep merge DIR... --out DIR.');
  const out = outOf(given);
  const shards = await Promise.all(paths.map(readShard));
  const runs = mergedRuns(shards);
  const [first] = shards as [(typeof shards)[number]];
  const folder = openSweepFolder(out, first.sweep, first.experiment);
  runs.forEach(folder.keep);
  settle(first.sweep, folder, out, terminal);
  return 0;
}

/** Writes table, report and figure of the runs that are there; verdict and report only once all are. */
function settle(asked: Sweep, folder: SweepFolder, out: string, terminal: Terminal): void {
  const { compared, seeds, axes, points, hash } = asked;
  const runs = folder.runs().filter((run) => run.seed <= seeds);
  const valuesOf = (arm: string): readonly string[] => points.find((point) => point.arm === arm)?.values ?? axes.map(() => '');
  folder.write('table', tidyCsv(compared, runs, axes.map(({ path }) => path), valuesOf));
  const missing = compared.arms.length * seeds - runs.length;
  if (missing > 0) {
    terminal.say(`${runs.length} of ${runs.length + missing} runs -> ${join(out, SWEEP_FILES.table)}. A verdict comes with the last; join shards by: sweep merge DIR... --out DIR.`);
    return;
  }
  tell(asked, folder, runs, terminal);
  folder.write('figure', sweepSvg(asked, runs, runs[0]?.adapter ?? ''));
  terminal.say('');
  terminal.say(`${runs.length} runs on ${runs[0]?.adapter ?? 'no device'} -> ${[SWEEP_FILES.report, SWEEP_FILES.table, SWEEP_FILES.figure].map((name) => join(out, name)).join(', ')}; ${hash.slice(0, 12)}`);
}

function tell({ compared, hash, axes, points }: Sweep, folder: SweepFolder, runs: readonly KeptRun[], terminal: Terminal): void {
  const looks = folder.looks();
  const judgement = judge(compared, runs, looks);
  const words = compared.parts.length > 0 ? wordsOf(compared, judgement) : ['One setting: nothing to compare it with.'];
  words.forEach(terminal.say);
  terminal.say('');
  alignedTable(comparedAt(compared, judgement, runs)).forEach(terminal.say);
  const { claim, ...report } = claimReport(compared, hash, judgement, runs, [...new Set([...looks, judgement.seeds.length])]);
  folder.write('report', `${JSON.stringify({ ...report, sweep: { ...(claim as object), axes, points }, words }, null, 2)}\n`);
}
