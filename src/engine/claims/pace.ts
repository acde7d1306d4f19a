import { totalSteps } from '../experiment/phases.ts';
import { countParameters } from '../experiment/schema.ts';
import type { ClaimArm } from './claim.ts';

/** Steps of an arm's experiment. */
export const stepsOf = ({ experiment }: Pick<ClaimArm, 'experiment'>): number => totalSteps(experiment);

/** Time of a run in units of its own: a step takes time for each parameter, and some for itself. */
export function workOf(arm: Pick<ClaimArm, 'experiment'>): number {
  return stepsOf(arm) * (20_000 + countParameters(arm.experiment.model.hidden));
}

/** How far several runs are, one after another. */
export interface Pace {
  /** Where run number `run` of the missing ones is done to `share`: share of all work, and milliseconds that the rest takes, once there is a pace. */
  at(run: number, share: number): { share: number; leftMs?: number };
}

/** Begins to take the time. @param all work of all runs @param missing work of those that are still to do, in order @param now milliseconds of a clock that stands while nothing runs */
export function createPace(all: readonly number[], missing: readonly number[], now: () => number = () => performance.now()): Pace {
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  const began = now();
  const [total, open] = [sum(all), sum(missing)];
  return {
    at(run, share) {
      const done = sum(missing.slice(0, run)) + share * (missing[run] ?? 0);
      const leftMs = ((now() - began) / done) * (open - done);
      return { share: (total - open + done) / total, ...(done > 0 ? { leftMs } : {}) };
    },
  };
}
