import type { Trace, Value } from '../gpu/trace.ts';
import { accumulate } from '../kernels/elementwise.ts';
import type { ParamLayout } from '../nn/layout.ts';
import type { MaskPlan, Method, ScoreName } from './method.ts';

/** State buffer with the average of the gradients of all maskable weights, those outside the mask included. */
export const GRADIENT_AVERAGE = 'gradient average';

/** The scores that a method ranks weights by, in its drop or its growth. */
export function scoresOf({ update }: Pick<Method, 'update'>): ReadonlySet<ScoreName> {
  const scores = new Set<ScoreName>();
  const add = (score: ScoreName): void => void scores.add(score);
  update?.({ drop: add, grow: add, choose: add });
  return scores;
}

/** True where a step needs gradients of weights outside the mask: every step of an average, else only an update that scores by them. */
export function needsDenseGradient(method: Pick<Method, 'update'>, updates: boolean): boolean {
  const scores = scoresOf(method);
  return scores.has('momentum') || (updates && scores.has('gradient'));
}

/** The average of the gradients, (masked). */
export function gradientAverage(trace: Trace, { masked }: Pick<ParamLayout, 'masked'>): Value {
  return trace.state(GRADIENT_AVERAGE, 'f32', masked);
}

/**
 * Takes the gradients of a step into their average: a = b a + (1 - b) g, with b the plan's `gradientDecay`. It starts at 0
 * and is not corrected for that, since only its order matters. Nothing for methods that do not score by it.
 */
export function traceGradientAverage(trace: Trace, layout: Pick<ParamLayout, 'n' | 'masked' | 'layers'>, method: Pick<Method, 'update'>, { gradientDecay = 0 }: Pick<MaskPlan, 'gradientDecay'>): void {
  const { n, masked, layers } = layout;
  if (layers.length === 0 || !scoresOf(method).has('momentum')) return;
  trace.dispatch(accumulate, {
    label: 'average gradients', params: { n: masked, keep: gradientDecay, scale: 1 - gradientDecay },
    bind: { x: trace.view(trace.state('grads', 'f32', n), 'gradients of maskable weights', 0, [masked]), total: gradientAverage(trace, layout) },
  });
}
