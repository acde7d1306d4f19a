import { loadavg } from 'node:os';
import { countCalls } from '../../bench/count.ts';
import { growthCells, growthPanels } from '../../bench/growth.ts';
import { BenchError, measureRow, type RowReport, stepsOf } from '../../bench/measure.ts';
import type { BenchHost, BenchRow } from '../../bench/row.ts';
import { BENCH_ROWS } from '../../bench/rows/index.ts';
import { quote } from '../../engine/experiment/values.ts';
import { nodeData } from '../data.ts';
import { createProgress } from '../progress.ts';
import { type Given, type OptionTable, readArguments, wholeNumber } from './arguments.ts';
import { type BenchReport, benchMarkdown, benchPaths, benchSvg, benchVersions, requireFileToWrite } from './benchFiles.ts';
import { benchTable } from './benchTable.ts';
import type { Command } from './command.ts';
import { alignedTable } from './list.ts';
import { openDevice } from './openDevice.ts';
import { writeWhole } from './outputFolder.ts';
import { UsageError } from './usageError.ts';

const OPTIONS = {
  peers: { kind: 'flag', help: 'beside TensorFlow.js and jax-js, where they can do the same' },
  only: { kind: 'list', placeholder: 'NAME', help: `a row, or all rows whose names go on behind "NAME-"; may be repeated: ${BENCH_ROWS.map(({ name }) => name).join(', ')}` },
  rounds: { kind: 'value', placeholder: 'N', help: 'samples of each contender, 3 to 1000; 12 where absent' },
  profile: { kind: 'flag', help: 'also the time of each dispatch, by the clock of the device' },
  out: { kind: 'value', placeholder: 'FILE', help: 'everything that was measured, as JSON; beside it FILE.md with the tables, and FILE.svg with the plot where growth was measured' },
} as const satisfies OptionTable;

/** `bench`: times pieces of work, Sparseland beside its dense twin and other libraries, in turns in one process. */
export const bench: Command = {
  usage: 'bench [--peers] [--only NAME] [--rounds N] [--profile] [--out FILE]',
  summary: 'times kernels, training steps and mask updates beside their dense twins, and with --peers beside other libraries',
  options: OPTIONS,
  async run(args, terminal) {
    const given = readArguments(args, OPTIONS);
    const rows = chosenRows(given);
    const rounds = wholeNumber('rounds', given.value('rounds') ?? '12', 3, 1000);
    const out = given.value('out');
    if (out !== undefined) requireFileToWrite(out);
    const peers = given.has('peers');
    const device = await openDevice();
    // Other libraries come with a bundler: loaded where they are wanted.
    const host: BenchHost = { gpu: device.gpu, peer: (await import('../peers.ts')).nodePeers(device.api), fetchBytes: nodeData(terminal.warn) };
    const progress = createProgress(terminal.progress, { unit: 'sample' });
    const calls = countCalls();
    const total = rows.reduce((sum, row) => sum + stepsOf(row, { rounds, peers }), 0);
    const report: BenchReport = { format: 1, adapter: device.name, software: device.gpu.facts.software, versions: benchVersions(), rounds, load: loadavg(), rows: [] };
    terminal.say(`${device.name}; Node ${process.version}; load ${report.load.map((x) => x.toFixed(1)).join(' ')}`);
    let before = 0;
    for (const row of rows) {
      const tell = (done: number, _: number, words: string): void => progress.at(before + done, total, words);
      const measured = await measure(row, host, { rounds, peers, cpu: cpuMs, calls, profile: given.has('profile'), tell });
      before += stepsOf(row, { rounds, peers });
      report.rows.push(measured);
      progress.clear();
      benchTable(measured).forEach(terminal.say);
    }
    const panels = growthPanels(report.rows);
    if (panels.length > 0) ['', 'growth: milliseconds of a step, by the dense step of the same rounds', ...alignedTable(growthCells(panels)).map((line) => `  ${line}`)].forEach(terminal.say);
    if (out !== undefined) write(out, report, terminal.say);
    return 0;
  },
};

function write(out: string, report: BenchReport, say: (line: string) => void): void {
  const paths = benchPaths(out);
  const svg = benchSvg(report);
  const files = { [paths.json]: `${JSON.stringify(report, null, 2)}\n`, [paths.markdown]: benchMarkdown(report), ...(svg !== null && { [paths.svg]: svg }) };
  for (const [file, text] of Object.entries(files)) {
    writeWhole(file, text);
    say(`-> ${file}`);
  }
}

/** Milliseconds of CPU that this process has used, its threads included. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function measure(...[row, host, options]: Parameters<typeof measureRow>): Promise<RowReport> {
  try {
    return await measureRow(row, host, options);
  } catch (error) {
    throw error instanceof BenchError ? new UsageError(error.message, { cause: error }) : error;
  }
}

function chosenRows(given: Given): readonly BenchRow[] {
  const names = given.values('only');
  const isOf = (name: string) => (row: BenchRow): boolean => row.name === name || row.name.startsWith(`${name}-`);
  const unknown = names.find((name) => !BENCH_ROWS.some(isOf(name)));
  if (unknown !== undefined) throw new UsageError(`There is no row ${quote(unknown)}. Known: ${BENCH_ROWS.map(({ name }) => name).join(', ')}.`);
  return BENCH_ROWS.filter((row) => names.length === 0 || names.some((name) => isOf(name)(row)));
}
