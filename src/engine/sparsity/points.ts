import { progress } from './schedules.ts';

/** A density at a place of a phase; from point to point it changes linearly. */
export interface DensityPoint {
  /** Share of the phase, in [0, 1]. */
  at: number;
  density: number;
}

/** Most points of a schedule. */
export const MAX_POINTS = 12;

/** The text of a schedule without points: the named curve of the method is followed. */
export const NO_POINTS = 'none';

/** Digits of a share: enough for one step in a million, and few enough that none is written with an exponent. */
const DIGITS = 6;
/** A number of either kind: as many digits as a float of 64 bits can have. */
const NUMBER = String.raw`[\d.]{1,24}`;
const LIST = new RegExp(`^${NUMBER}:${NUMBER}([,-]${NUMBER}:${NUMBER}){0,99}$`);

/** Points from a text such as `0:1,0.5:0.05`, in which a dash may stand for the comma; none of `none`, undefined where it is no such list. */
export function readPoints(text: unknown): DensityPoint[] | undefined {
  if (text === NO_POINTS) return [];
  if (typeof text !== 'string' || !LIST.test(text)) return undefined;
  const points = text.split(/[,-]/).map((pair) => {
    const [at = Number.NaN, density = Number.NaN] = pair.split(':').map(Number);
    return { at, density };
  });
  return points.some(({ at, density }) => Number.isNaN(at + density)) ? undefined : points;
}

/** Points as links and files have them. `readPoints` reads them back, with shares of six digits; densities of .001 and more need no exponent. */
export function writePoints(points: readonly DensityPoint[]): string {
  return points.map(({ at, density }) => `${Number(at.toFixed(DIGITS))}:${density}`).join(',') || NO_POINTS;
}

/**
 * Density at a step of a phase, of at least one point; before the first and behind the last it stays as there. Points lie on
 * whole steps; where two share a step, the later one counts from it on.
 */
export function densityAlong(points: readonly DensityPoint[], step: number, steps: number): number {
  const place = ({ at }: DensityPoint): number => Math.round(at * steps);
  const next = points.findIndex((point) => place(point) > step);
  if (next === -1) return (points.at(-1) as DensityPoint).density;
  const to = points[next] as DensityPoint;
  const from = points[next - 1] ?? to;
  return from.density + (to.density - from.density) * progress(step, place(from), place(to));
}

/** Points whose last has another density; where they may only fall, none stays below it. */
export function endingAt(points: readonly DensityPoint[], density: number, falls: boolean): DensityPoint[] {
  return points.map((point, i) => ({ ...point, density: i === points.length - 1 ? density : falls ? Math.max(point.density, density) : point.density }));
}
