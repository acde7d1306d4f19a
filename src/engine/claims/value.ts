import type { Experiment } from '../experiment/experiment.ts';
import { totalSteps } from '../experiment/phases.ts';
import type { Metric } from './claim.ts';
import { meanOf } from './verdict.ts';

/** Evaluations that a value is the mean of. */
const EVALUATIONS = 3;

/** First step of the last three evaluations of an experiment. */
export function evaluatedFrom(experiment: Experiment): number {
  const end = totalSteps(experiment);
  const every = experiment.evaluateEvery;
  return Math.max(0, (Math.ceil(end / every) - (EVALUATIONS - 1)) * every);
}

/** The metric of a run. One that diverged, or ended in numbers that are none, counts as chance and is never dropped. */
export function valueOf(status: 'finished' | 'diverged', evaluations: readonly number[], metric: Metric, classes: number): number {
  const value = meanOf(evaluations.slice(-EVALUATIONS));
  return status === 'finished' && Number.isFinite(value) ? value : metric.chance(classes);
}
