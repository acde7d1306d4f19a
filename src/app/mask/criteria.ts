import type { RunLog } from '../../engine/experiment/runLog.ts';
import { phaseIndexAt } from '../../engine/experiment/runLog.ts';
import type { ScoreName } from '../../engine/sparsity/method.ts';
import { findMethod } from '../../engine/sparsity/methods/index.ts';

/** What weights are ranked by, in short. */
export const SCORE_TITLES: Readonly<Record<ScoreName, string>> = {
  magnitude: '|w|', gradient: '|g|', momentum: '|average of g|', sensitivity: '|w g|', curvature: 'w H g', random: 'a draw from 0 to 1',
};

/** The scores by which weights leave a mask and enter it. */
export interface Criteria {
  drop?: ScoreName;
  grow?: ScoreName;
  /** Masks switch groups of weights, which are ranked by the scores of all of theirs. */
  ofGroups: boolean;
}

/** The scores of the phase that a step belongs to; a phase that is entered by pruning ranks the weights that the one before it leaves. */
export function criteriaAt(log: RunLog, step: number): Criteria {
  const phases = log.experiment?.phases ?? [];
  const index = phaseIndexAt(log, step);
  const criteria: Criteria = { ofGroups: log.experiment !== undefined && log.experiment.masks.granularity !== 'weight' };
  findMethod(phases[index]?.sparsity.method ?? 'dense').update?.({ drop: (score) => void (criteria.drop = score), grow: (score) => void (criteria.grow = score), choose: (score) => void (criteria.drop = criteria.grow = score) });
  if (criteria.drop === undefined && phases[index + 1]?.entry.startsWith('prune')) criteria.drop = 'magnitude';
  return criteria;
}

/** A weight's score, of its value and the gradient or average that its method scores by; undefined where these do not tell it. */
export function scoreOf(score: ScoreName, weight: number | undefined, gradient: { value: number; average: boolean } | undefined): number | undefined {
  if (score === 'magnitude') return weight === undefined ? undefined : Math.abs(weight);
  if (gradient === undefined || (score === 'momentum') !== gradient.average) return undefined;
  if (score === 'gradient' || score === 'momentum') return Math.abs(gradient.value);
  return score === 'sensitivity' && weight !== undefined ? Math.abs(weight * gradient.value) : undefined;
}
