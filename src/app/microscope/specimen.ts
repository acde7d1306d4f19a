import type { LayerFacts, MaskSnapshot } from '../../engine/experiment/events.ts';
import type { RunLog } from '../../engine/experiment/runLog.ts';
import { phaseIndexAt } from '../../engine/experiment/runLog.ts';
import { phaseStarts } from '../../engine/experiment/phases.ts';
import type { MaskPlan } from '../../engine/sparsity/method.ts';
import { findMethod } from '../../engine/sparsity/methods/index.ts';
import { choosesAnew } from '../../engine/sparsity/outside.ts';
import { patternOf, type NmPattern } from '../../engine/sparsity/pattern.ts';
import { plansOf } from '../session/preview.ts';
import type { Lens } from './lens.ts';

/** The rules of a mask of N to M at a step. */
export interface Rules {
  pattern: NmPattern;
  /** The phase has not chosen a mask yet: all weights stay. */
  dense: boolean;
  /** The method chooses masks from all weights by their sizes, so that those outside compete as well. */
  chooses: boolean;
  /** Gradients of inputs go through a second mask, N of M along the outputs. */
  backward: boolean;
}

/** The rules by which the mask of a snapshot was made; undefined where masks keep no pattern. */
export function rulesAt(log: RunLog, snapshot: Pick<MaskSnapshot, 'step' | 'update'>): Rules | undefined {
  const { experiment } = log;
  const pattern = experiment && patternOf(experiment.masks);
  if (!pattern) return undefined;
  // At a border the mask is still that of the phase whose last step it came with.
  const index = phaseIndexAt(log, Math.max(0, snapshot.step - 1));
  const phase = experiment.phases[index];
  const plan = plansOf(experiment, log.layers).plans[index];
  if (!plan || !phase) return undefined;
  const done = snapshot.step - phaseStarts(experiment)[index]!;
  return {
    pattern: { ...pattern, ...patternMoved(plan, done) },
    dense: snapshot.update === 0 && plan.initial().choose === 'all',
    chooses: choosesAnew(findMethod(phase.sparsity.method)),
    backward: plan.outside?.backward !== undefined,
  };
}

/** N and M of the newest update, for methods that move them. @param done steps of the phase that are complete */
const patternMoved = (plan: MaskPlan, done: number): Partial<NmPattern> => (plan.patternMoves ? plan.counts(Math.max(0, done - 1), []).pattern ?? {} : {});

/** Directions in which the groups of a layer can be looked at, and which mask each shows. */
export function directionsOf({ pattern, backward }: Pick<Rules, 'pattern' | 'backward'>, layer: Pick<LayerFacts, 'kernel'>): { along: Lens['along']; mask: 'forward' | 'backward' }[] {
  if (pattern.axis === 'both') return [{ along: 'in', mask: 'forward' }, { along: 'out', mask: 'forward' }];
  const own = { along: pattern.axis, mask: 'forward' } as const;
  // Filters of convolutions keep one pattern.
  return backward && !layer.kernel ? [own, { along: 'out', mask: 'backward' }] : [own];
}
