import { median } from '../engine/gpu/profiler.ts';

/** Milliseconds of an execution over the samples of a contender. */
export interface Spread {
  median: number;
  /** First and third quartile. */
  lower: number;
  upper: number;
  best: number;
  worst: number;
}

/** Median, quartiles (nearest rank) and extremes; NaN of nothing. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = (q: number): number => sorted[Math.round(q * (sorted.length - 1))] ?? Number.NaN;
  return { median: median(sorted), lower: rank(0.25), upper: rank(0.75), best: rank(0), worst: rank(1) };
}

/** The list begun `by` places later, its head at the end: whose turn comes first changes from round to round. */
export function rotated<T>(list: readonly T[], by: number): T[] {
  return list.map((_, i) => list[(i + by) % list.length] as T);
}
