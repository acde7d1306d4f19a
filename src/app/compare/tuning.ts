import type { ClaimArm, Compared } from '../../engine/claims/claim.ts';
import type { RunValue } from '../../engine/claims/judge.ts';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import { setPath } from '../../engine/experiment/paths.ts';
import { OPTIMIZER_KNOBS } from '../../engine/experiment/schema.ts';
import { formatCount } from '../text/numbers.ts';

/** Learning rates that are tried, as multiples of an arm's own, rising. */
export const RATE_FACTORS = [1 / 3, 1, 3] as const;

/** Seeds that each rate is tried on. */
export const TUNING_SEEDS = 1;

/** An arm at one rate, to be trained on four fifths of the training set and looked at on the last. */
interface Trial {
  arm: ClaimArm;
  factor: number;
  trial: ClaimArm;
}

const rateAt = (rate: number, factor: number): number => Math.min(OPTIMIZER_KNOBS.rate.max, Math.max(OPTIMIZER_KNOBS.rate.min, Number((rate * factor).toPrecision(2))));

/** The experiment with the rates of all its phases multiplied. A factor of 1 leaves them to the digit. */
function withRates(experiment: Experiment, factor: number): Experiment {
  if (factor === 1) return experiment;
  const { phases } = experiment;
  const pathOf = (i: number): string => (phases.length > 1 ? `phases.${i}.optimizer.rate` : 'optimizer.rate');
  return phases.reduce((changed, phase, i) => setPath(changed, pathOf(i), rateAt(phase.optimizer.rate, factor)), experiment);
}

function trialsOf({ arms }: Pick<Compared, 'arms'>): Trial[] {
  return arms.flatMap((arm) => RATE_FACTORS.map((factor): Trial => {
    const experiment = setPath(withRates(arm.experiment, factor), 'data.evaluateOn', 'validation');
    return { arm, factor, trial: { id: `${arm.id}-rate-${factor}`, title: `${arm.title}, rate ${experiment.phases[0]?.optimizer.rate}`, experiment } };
  }));
}

/** The runs that a choice of rates takes, as arms: every arm at every rate. No claim is judged on them. */
export function tuningOf(compared: Compared): Compared {
  return { ...compared, arms: trialsOf(compared).map(({ trial }) => trial), parts: [] };
}

/**
 * The comparison with each arm at the rate that did best on the validation split; the smaller of equal ones. Its words
 * say what was tried, and which arms ended at an edge of it, where a rate further out might do better.
 * @param runs of `tuningOf`
 */
export function tuned(compared: Compared, runs: readonly RunValue[]): Compared {
  const trials = trialsOf(compared);
  const meanOf = ({ trial }: Trial): number => {
    const values = runs.filter(({ arm }) => arm === trial.id).map(({ value }) => value);
    return values.length > 0 ? values.reduce((a, b) => a + b, 0) / values.length : Number.NEGATIVE_INFINITY;
  };
  const bestOf = (arm: ClaimArm): Trial => trials.filter((one) => one.arm === arm).reduce((best, one) => (meanOf(one) > meanOf(best) ? one : best));
  const best = compared.arms.map(bestOf);
  const atEdge = best.filter(({ factor }) => factor === RATE_FACTORS[0] || factor === RATE_FACTORS.at(-1)).map(({ arm }) => arm.title);
  const edge = atEdge.length > 0 ? ` At an edge of what was tried: ${[...new Set(atEdge)].join(', ')}.` : '';
  return {
    ...compared,
    arms: best.map(({ arm, factor }) => ({ ...arm, experiment: withRates(arm.experiment, factor) })),
    tuning: `Learning rate chosen for each arm on a validation split, among ${formatCount(RATE_FACTORS.length)} rates, ${TUNING_SEEDS === 1 ? 'one seed' : `${TUNING_SEEDS} seeds`}: ${best.map(({ arm, factor }) => `${arm.title} ${withRates(arm.experiment, factor).phases[0]?.optimizer.rate}`).join(', ')}.${edge}`,
  };
}
