import type { MasksSpec } from '../experiment/experiment.ts';
import type { PatternLayout, PatternMatrix } from '../nn/layout.ts';

/** Along what N of M holds: the inputs of an output, the outputs of an input, or both at once (transposable). */
export const AXES = ['in', 'out', 'both'] as const;
export type Axis = (typeof AXES)[number];

/** Outputs (along `in`) or inputs (along `out`) that share one pattern. */
export const SHARES = ['1', '4', '8', '16'] as const;
export type Share = (typeof SHARES)[number];

/** Most weights of a group in an experiment; schedules of a method may go up to MOST_M. */
export const LARGEST_M = 32;
export const MOST_M = 256;

/** N of every M neighbours are kept. */
export type NmPattern = Pick<PatternLayout, 'n' | 'm' | 'axis'>;

/** The pattern that masks keep, N no more than M; undefined where they keep none. */
export function patternOf({ granularity, n, m, axis }: MasksSpec): NmPattern | undefined {
  return granularity === 'nm' ? { n: Math.min(n, m), m, axis } : undefined;
}

/**
 * How many a group of `size` keeps: N of M, and of the last group, where M does not divide the line, as large a share,
 * rounded up. So each group keeps at least one, and none more than it has.
 */
export const keptOfGroup = ({ n, m }: Pick<NmPattern, 'n' | 'm'>, size: number): number => Math.ceil((n * size) / m);

/** How many a line of this length keeps. */
export function keptOfLine(pattern: Pick<NmPattern, 'n' | 'm'>, length: number): number {
  return Math.floor(length / pattern.m) * pattern.n + keptOfGroup(pattern, length % pattern.m);
}

/** How many a matrix keeps. */
export function keptOfMatrix(pattern: NmPattern, { rows, columns }: Pick<PatternMatrix, 'rows' | 'columns'>): number {
  if (pattern.axis === 'in') return rows * keptOfLine(pattern, columns);
  if (pattern.axis === 'out') return columns * keptOfLine(pattern, rows);
  // Whole squares, and those at the edges.
  const sides = (size: number): [count: number, side: number][] => [[Math.floor(size / pattern.m), pattern.m], [1, size % pattern.m]];
  return sides(rows).flatMap(([down, height]) => sides(columns).map(([across, width]) => down * across * keptOfSquare(pattern, height, width))).reduce((a, b) => a + b);
}

/** How many a square keeps: no row and no column holds more than `keptOfGroup` of it, and as many as that allows. */
export function keptOfSquare(pattern: Pick<NmPattern, 'n' | 'm'>, height: number, width: number): number {
  return Math.min(height * keptOfGroup(pattern, width), width * keptOfGroup(pattern, height));
}
