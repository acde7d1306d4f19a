import { METRICS, type Compared } from '../../engine/claims/claim.ts';
import { better, meanOf } from '../../engine/claims/verdict.ts';
import { placeOn, scaleOf, type OverlayScale } from './overlay.ts';
import type { DoneRun } from './queue.ts';

/** Accuracies of a method at one density: a value a seed, their mean and its 95 % t interval. */
export interface SweepPoint {
  density: number;
  values: readonly number[];
  mean: number;
  low: number;
  high: number;
}

/** A method over the densities, rising. */
export interface SweepLine {
  title: string;
  points: readonly SweepPoint[];
}

/** Lines of a sweep: arms of one title are one method. Arms without a mask are levels, not points of a line. */
export function sweepLines({ arms }: Pick<Compared, 'arms'>, runs: readonly DoneRun[], seeds: readonly number[]): { lines: SweepLine[]; levels: SweepPoint[] } {
  const points = arms.flatMap(({ id, title }) => {
    const own = runs.filter((run) => run.arm === id && seeds.includes(run.seed));
    if (own.length === 0) return [];
    const values = own.map(({ value }) => value);
    // The interval of a mean, by the same rule as that of a difference.
    const { mean, low, high } = better(values, { delta: 0, floor: METRICS.accuracy.floor });
    return [{ title, point: { density: meanOf(own.map(({ figures }) => figures.density)), values, mean, low, high } }];
  });
  const sparse = points.filter(({ point }) => point.density < 0.9995);
  const lines = [...new Set(sparse.map(({ title }) => title))].map((title): SweepLine => ({
    title, points: sparse.filter((one) => one.title === title).map(({ point }) => point).sort((a, b) => a.density - b.density),
  }));
  return { lines, levels: points.filter(({ title, point }) => point.density >= 0.9995 && title === 'dense').map(({ point }) => point) };
}

/** True where a method was trained at several densities. */
export function isSweep(lines: readonly SweepLine[]): boolean {
  return lines.some(({ points }) => points.length > 1);
}

/** Neighbouring methods' bars stand side by side, in CSS pixels. */
const APART = 7;

/** Where a sweep's points stand in a plot, on the page and in a figure alike. */
export interface SweepScales {
  up: OverlayScale;
  /** Densities that were trained, rising. */
  densities: readonly number[];
  /** Of a density, on the line of that number. */
  x(density: number, line: number, left: number, right: number): number;
  /** Of an accuracy; intervals that reach far beyond all points end at the edge of the plot. */
  y(value: number, bottom: number, height: number): number;
  /** The value has a place in the plot: an end of an interval that has none gets no cap. */
  inside(value: number): boolean;
}

/** The scales of a sweep: density logarithmic, accuracy around all points. */
export function sweepScales(lines: readonly SweepLine[], levels: readonly SweepPoint[]): SweepScales {
  const all = lines.flatMap(({ points }) => points);
  const along = scaleOf(all.map(({ density }) => density), true, undefined);
  const up = scaleOf([...all, ...levels].flatMap((point) => point.values), false, undefined);
  return {
    up,
    densities: [...new Set(all.map(({ density }) => Number(density.toPrecision(2))))].sort((a, b) => a - b),
    x: (density, line, left, right) => left + 24 + placeOn(along, density) * (right - left - 48) + (line - (lines.length - 1) / 2) * APART,
    y: (value, bottom, height) => bottom - Math.min(1.03, Math.max(-0.03, placeOn(up, value))) * height,
    inside: (value) => Math.abs(placeOn(up, value) - 0.5) <= 0.53,
  };
}
