import { METRICS } from '../../engine/claims/claim.ts';
import { better, type Ruling } from '../../engine/claims/verdict.ts';
import { armTitle } from './comparison.ts';
import type { ComparisonResult } from './comparing.ts';

/** An arm of a comparison as it is plotted: a point a seed, their mean and its 95 % t interval. */
export interface PointRow {
  id: string;
  title: string;
  points: readonly { seed: number; value: number }[];
  mean: Ruling;
}

/** What is plotted of a result, a row an arm, by the seeds that were judged. */
export function pointRows({ compared, runs, judgement }: Pick<ComparisonResult, 'compared' | 'runs' | 'judgement'>): PointRow[] {
  return compared.arms.map((arm): PointRow => {
    const points = runs.filter((run) => run.arm === arm.id && judgement.seeds.includes(run.seed)).map(({ seed, value }) => ({ seed, value }));
    // The interval of the mean, by the same rule as that of a difference.
    return { id: arm.id, title: armTitle(compared, arm), points, mean: better(points.map(({ value }) => value), { delta: 0, floor: METRICS.accuracy.floor }) };
  });
}

/**
 * The ends of the axis: around all points, and as far into the intervals as the points are apart: three points that
 * disagree would else press all others together. At least two points of accuracy wide.
 */
export function limitsOf(rows: readonly PointRow[]): [low: number, high: number] {
  const values = rows.flatMap(({ points }) => points.map(({ value }) => value));
  const intervals = rows.flatMap(({ mean }) => [mean.low, mean.high]);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const range = Math.max(0.02, most - least);
  const low = Math.max(Math.min(least, ...intervals), least - range / 2);
  const high = Math.min(Math.max(most, ...intervals), most + range / 2);
  const room = Math.max(0.01 - (high - low) / 2, 0.04 * (high - low));
  return [Math.max(0, low - room), Math.min(1, high + room)];
}

/** How far points of one arm stand off its line, so that equal ones are told apart: in thirds, in turn. */
export const offLine = (point: number, of: number): number => (of === 1 ? 0 : ((point % 3) - 1) * 5);
