import type { LayerFacts } from '../../engine/experiment/events.ts';
import { maskAt } from '../../engine/experiment/runLog.ts';
import { popcount32 } from '../../engine/sparsity/bits.ts';
import { shortTitle } from './comparison.ts';
import type { PastRun } from './pastRun.ts';
import { quoted } from '../../engine/experiment/metricsCsv.ts';

/** How far two masks share their active weights. */
export interface Overlap {
  /** Active in both, as a share of those active in either (Jaccard). */
  share: number;
  /** What two masks drawn at random with these densities share on average: d / (2 - d) where both have density d. */
  chance: number;
}

/** Overlap of two packed masks of the same layers, over all their maskable weights; NaN where none is active. */
export function overlapOf(a: Uint32Array, b: Uint32Array, layers: readonly LayerFacts[]): Overlap {
  let [both, either, bothByChance, eitherByChance] = [0, 0, 0, 0];
  for (const { maskable, wordOffset, words, out, in: inputs } of layers) {
    if (!maskable) continue;
    let [inA, inB, shared] = [0, 0, 0];
    for (let w = wordOffset; w < wordOffset + words; w++) {
      inA += popcount32(a[w] ?? 0);
      inB += popcount32(b[w] ?? 0);
      shared += popcount32((a[w] ?? 0) & (b[w] ?? 0));
    }
    const byChance = (inA * inB) / (out * inputs);
    both += shared;
    either += inA + inB - shared;
    bothByChance += byChance;
    eitherByChance += inA + inB - byChance;
  }
  return { share: both / either, chance: bothByChance / eitherByChance };
}

/** Overlaps of the runs of two methods, or of one method with itself. */
export interface OverlapCell extends Overlap {
  pairs: number;
}

/** Overlaps by method: `cells[i][j]` of methods i and j. */
export interface OverlapTable {
  methods: readonly string[];
  /** Null where there is no pair. */
  cells: readonly (readonly (OverlapCell | null)[])[];
}

/** A network's layers in words: masks of others cannot be laid over each other. */
export function networkOf({ log, experiment }: PastRun): string {
  const { granularity, blockSize } = experiment.masks;
  return `${experiment.data.set}, ${log.layers.map(({ out, in: inputs }) => `${inputs} to ${out}`).join(', ')}${granularity === 'weight' ? '' : `, by ${granularity === 'block' ? `blocks of ${blockSize}` : granularity}`}`;
}

/** Runs whose masks can be compared: over, with weights that a mask has taken away. */
export function maskedRuns<Run extends PastRun>(runs: readonly Run[]): Run[] {
  return runs.filter(({ ending, figures, log }) => ending === 'finished' && figures.density < 0.9995 && log.masks.has('main'));
}

/**
 * Overlaps between the last masks of runs of one network: of two methods at the same seed, of one method between seeds.
 * Methods in the order in which they come.
 */
export function overlapTable(runs: readonly PastRun[]): OverlapTable {
  const groups = new Map<string, PastRun[]>();
  for (const run of runs) {
    const name = methodWords(run);
    groups.set(name, [...(groups.get(name) ?? []), run]);
  }
  const methods = [...groups.keys()];
  const cellOf = (i: string, j: string): OverlapCell | null => {
    const pairs = (groups.get(i) ?? []).flatMap((a, at) => (groups.get(j) ?? []).filter((b, other) => (i === j ? other > at && a.experiment.seed !== b.experiment.seed : a.experiment.seed === b.experiment.seed)).map((b) => pairOf(a, b)));
    if (pairs.length === 0) return null;
    const mean = (of: (pair: Overlap) => number): number => pairs.reduce((sum, pair) => sum + of(pair), 0) / pairs.length;
    return { share: mean(({ share }) => share), chance: mean(({ chance }) => chance), pairs: pairs.length };
  };
  return { methods, cells: methods.map((i) => methods.map((j) => cellOf(i, j))) };
}

/** The table as tidy CSV: a row for each pair of methods; shares of 1. */
export function overlapCsv({ methods, cells }: OverlapTable): string {
  const rows = methods.flatMap((method, i) => methods.slice(0, i + 1).flatMap((other, j) => {
    const cell = cells[i]![j]!;
    return cell ? [[method, other, cell.share, cell.chance, cell.pairs].map((field) => quoted(String(field))).join(',')] : [];
  }));
  return `${['method,other,share,chance,pairs', ...rows].join('\n')}\n`;
}

function methodWords({ experiment, figures }: PastRun): string {
  const percent = Number((100 * figures.density).toPrecision(2));
  return `${shortTitle(experiment.phases.at(-1)?.sparsity.method ?? 'dense')}, ${percent} %`;
}

function pairOf(a: PastRun, b: PastRun): Overlap {
  const mask = ({ log, steps }: PastRun): Uint32Array => maskAt(log, 'main', steps)?.mask ?? new Uint32Array(0);
  return overlapOf(mask(a), mask(b), a.log.layers);
}
