import { CLAIMS } from '../../engine/claims/index.ts';
import { DATASETS } from '../../engine/data/cards.ts';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import { totalSteps } from '../../engine/experiment/phases.ts';
import { PRESETS } from '../../engine/experiment/presets/index.ts';
import { METHODS } from '../../engine/sparsity/methods/index.ts';
import { quote } from '../../engine/experiment/values.ts';
import { readArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { UsageError } from './usageError.ts';

/** What can be listed: rows of cells, the id first. */
const LISTS: Readonly<Record<string, () => readonly (readonly string[])[]>> = {
  presets: () => Object.values(PRESETS).map(({ id, title, experiment }) => [id, experiment.data.set, methodsOf(experiment), `${totalSteps(experiment)} steps`, title]),
  methods: () => Object.values(METHODS).map(({ card }) => [card.id, card.title, `${card.paper.authors} ${card.paper.year}`, card.idea]),
  datasets: () => Object.values(DATASETS).map(({ id, features, classes, sentence }) => [id, `${features} inputs`, `${classes} classes`, sentence]),
  claims: () => Object.values(CLAIMS).map(({ id, arms, seeds, sentence }) => [id, `${arms.length} arms`, `${seeds} seeds`, sentence]),
};

/** `list presets|methods|datasets|claims`: one line each. */
export const list: Command = {
  usage: `list ${Object.keys(LISTS).join('|')}`,
  summary: 'prints what there is, one line each, the id first',
  options: {},
  async run(args, terminal) {
    const known = Object.keys(LISTS).join(', ');
    const [what] = readArguments(args, {}, 1).words;
    if (what === undefined) throw new UsageError(`Say what to list: ${known}.`);
    const rows = Object.hasOwn(LISTS, what) ? LISTS[what] : undefined;
    if (!rows) throw new UsageError(`There is no list of ${quote(what)}. Known: ${known}.`);
    alignedTable(rows()).forEach(terminal.say);
    return 0;
  },
};

function methodsOf({ phases }: Experiment): string {
  return [...new Set(phases.map(({ sparsity }) => sparsity.method))].join(' then ');
}

/** Lines with each column as wide as its widest cell, two spaces between. */
export function alignedTable(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, c) => (widths[c] = Math.max(widths[c] ?? 0, cell.length)));
  return rows.map((row) => row.map((cell, c) => cell.padEnd(widths[c] ?? 0)).join('  ').trimEnd());
}
