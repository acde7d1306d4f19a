import { msWords as ms } from '../../bench/growth.ts';
import type { ContenderReport, RowReport } from '../../bench/measure.ts';
import type { Spread } from '../../bench/statistics.ts';
import { alignedTable } from './list.ts';

/** What was measured of a row, as lines: a table of contenders, how we stand to the better peer, and the passes of a profile. */
export function benchTable(row: RowReport): string[] {
  const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
  const words = [...row.contenders.flatMap(rareWords), ...ratioWords(row.contenders)];
  return ['', `${row.name}: ${heading(row)}`, ...indented([...alignedTable(benchCells(row)), ...words, ...row.contenders.flatMap(profileLines)])];
}

/** The work of a row, and how it was sampled. */
export function heading({ title, executions }: RowReport): string {
  return `${title}${executions > 1 ? `; ${executions} executions a sample` : ''}`;
}

/** A row as cells, the first of them headings: spread, CPU, ratio to the baseline and counts of each contender. */
export function benchCells(row: RowReport): string[][] {
  const head = ['', 'wall ms (quartiles; best)', 'CPU ms', 'n', `by ${row.baseline}`, 'GFLOPS', 'dispatches', 'submits'];
  return [head, ...row.contenders.map(cells)];
}

function cells({ name, wall, cpu, n, relative, gflops, dispatches, submits }: ContenderReport): string[] {
  const times = `${ms(wall.median)} (${ms(wall.lower)}-${ms(wall.upper)}; ${ms(wall.best)})`;
  return [name, times, cpu ? ms(cpu.median) : '-', String(n), relative.toFixed(2), gflops > 0.005 ? gflops.toFixed(2) : '-', String(dispatches ?? '-'), String(submits ?? '-')];
}

/** What is reckoned in, by itself. */
export function rareWords({ name, rare }: ContenderReport): string[] {
  return rare ? [`${name}: a step with an update takes ${ms(rare.wall.median)} ms (${ms(rare.wall.lower)}-${ms(rare.wall.upper)}), reckoned in once in ${rare.period}`] : [];
}

/** Each of ours against the peer that is better by the same measure. */
export function ratioWords(all: readonly ContenderReport[]): string[] {
  const peers = all.filter(({ peer }) => peer !== null);
  if (peers.length === 0) return [];
  const best = (time: (c: ContenderReport) => Spread | null): number => Math.min(...peers.map((c) => time(c)?.median ?? Number.NaN));
  return all.filter(({ peer }) => peer === null).map(({ name, wall, cpu }) => {
    const byCpu = cpu ? `, ${(best((c) => c.cpu) / cpu.median).toFixed(2)} by CPU` : '';
    return `${name}: ${(best((c) => c.wall) / wall.median).toFixed(2)} times the speed of the better peer by wall${byCpu}`;
  });
}

function profileLines({ name, passes }: ContenderReport): string[] {
  if (!passes) return [];
  const rows = passes.map(({ label, kernel, ms: time, flops }) => [label, kernel, `${time.toFixed(2)} ms`, `${(flops / 1e6).toFixed(1)} MFLOP`]);
  return [`${name}, each dispatch in a pass of its own, by the clock of the device:`, ...alignedTable(rows).map((line) => `  ${line}`)];
}
