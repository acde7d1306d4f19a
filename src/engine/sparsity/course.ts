import { readNumber } from './knobs.ts';
import type { PlanContext } from './method.ts';
import { densityAlong, endingAt, readPoints } from './points.ts';
import { isUpdateStep, type UpdateWindow } from './schedules.ts';

/** A density that changes over a phase, where it begins, and the updates that it needs. */
export interface Course {
  initial(): number;
  /** After step t's update; the same until the next one. */
  density(step: number): number;
  isUpdate(step: number): boolean;
}

/**
 * The density along the points, or along `otherwise` where the phase has none. Updates begin with the first multiple of the period
 * on the points and end with the first one behind them, which leaves the final density; in a phase too short for it, its last one does.
 * The last point is at `density`, which may be edited while running.
 */
export function course(context: PlanContext, falls: boolean, otherwise: Course): Course {
  const { knobs, steps } = context;
  const given = readPoints(knobs.points) ?? [];
  const [begin] = given;
  const end = given.at(-1);
  if (!begin || !end) return otherwise;
  const points = () => endingAt(given, readNumber(knobs, 'density'), falls);
  const window = (): UpdateWindow => {
    const period = Math.max(1, Math.round(readNumber(knobs, 'updatePeriod')));
    const upwards = (at: number): number => Math.min(Math.ceil(Math.round(at * steps) / period), Math.floor((steps - 1) / period)) * period;
    return { start: upwards(begin.at), end: upwards(end.at), period };
  };
  return {
    initial: () => densityAlong(points(), -1, steps),
    density(step) {
      const { start, end: last, period } = window();
      return densityAlong(points(), step < start ? -1 : step >= last ? steps : Math.floor(step / period) * period, steps);
    },
    isUpdate: (step) => isUpdateStep(window(), step),
  };
}
