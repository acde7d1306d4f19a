import { dirname, join, parse } from 'node:path';
import { readFileSync, statSync } from 'node:fs';
import { growthCells, growthPanels } from '../../bench/growth.ts';
import { growthSvg } from '../../bench/growthSvg.ts';
import type { RowReport } from '../../bench/measure.ts';
import { quote } from '../../engine/experiment/values.ts';
import { benchCells, heading, ratioWords, rareWords } from './benchTable.ts';
import { UsageError } from './usageError.ts';

/** Everything that was measured, and where. */
export interface BenchReport {
  format: 1;
  /** Its name and, at the end, `software` or `hardware`. */
  adapter: string;
  software: boolean;
  /** Sparseland, Node, the WebGPU of Node, and the other libraries. */
  versions: Readonly<Record<string, string>>;
  rounds: number;
  /** Load of the machine over 1, 5 and 15 minutes, before the first row. */
  load: readonly number[];
  rows: RowReport[];
}

const ROOT = new URL('../../../', import.meta.url);

/** Packages whose versions a figure depends on. */
const PACKAGES = ['webgpu', '@tensorflow/tfjs-backend-webgpu', '@jax-js/jax'];

/** Versions by name. By path, because packages need not export their `package.json`. */
export function benchVersions(): Record<string, string> {
  const versionOf = (folder: string): string => (JSON.parse(readFileSync(new URL(`${folder}package.json`, ROOT), 'utf8')) as { version: string }).version;
  return { sparseland: versionOf(''), node: process.version, ...Object.fromEntries(PACKAGES.map((name) => [name, versionOf(`node_modules/${name}/`)])) };
}

/** Where `--out FILE` puts what: JSON into the file itself, the others beside it. */
export function benchPaths(out: string): { json: string; markdown: string; svg: string } {
  const { dir, name, ext } = parse(out);
  const stem = join(dir, ext === '.json' ? name : name + ext);
  return { json: out, markdown: `${stem}.md`, svg: `${stem}.svg` };
}

/** Found out before minutes of measuring, not behind them. @throws UsageError that says what is wrong with the place */
export function requireFileToWrite(out: string): void {
  if (/\.(md|svg)$/.test(out)) throw new UsageError(`--out ${quote(out)} takes the JSON file; the table and the plot are written beside it.`);
  if (!statSync(dirname(out), { throwIfNoEntry: false })?.isDirectory()) throw new UsageError(`--out ${quote(out)}: there is no folder ${quote(dirname(out))}.`);
  const folder = Object.values(benchPaths(out)).find((file) => statSync(file, { throwIfNoEntry: false })?.isDirectory());
  if (folder !== undefined) throw new UsageError(`--out ${quote(out)}: ${quote(folder)} is a folder.`);
}

/** All rows as Markdown, fit for a page of documentation: who measured, then a table a row, and at last growth by width. */
export function benchMarkdown({ adapter, versions, load, rows }: BenchReport): string {
  const words = Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(', ');
  const panels = growthPanels(rows);
  return `${[
    `${adapter} adapter. Versions: ${words}. Load before: ${load.map((x) => x.toFixed(1)).join(', ')}.`,
    ...rows.flatMap((row) => ['', `**${row.name}**: ${heading(row)}`, '', ...markdownTable(benchCells(row)), ...listed([...row.contenders.flatMap(rareWords), ...ratioWords(row.contenders)])]),
    ...(panels.length > 0 ? ['', '**growth**: milliseconds of a step, by the dense step of the same rounds', '', ...markdownTable(growthCells(panels))] : []),
  ].join('\n')}\n`;
}

/** The plot of all grids; null where there is none. */
export function benchSvg({ adapter, rows }: BenchReport): string | null {
  const panels = growthPanels(rows);
  return panels.length > 0 ? growthSvg(panels, `${adapter} adapter`) : null;
}

function markdownTable([head = [], ...rows]: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

const listed = (words: readonly string[]): string[] => (words.length > 0 ? ['', ...words.map((line) => `- ${line}`)] : []);
