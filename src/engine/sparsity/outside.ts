import type { KnobValues } from '../gpu/knobs.ts';
import type { Trace, Value } from '../gpu/trace.ts';
import type { ParamLayout } from '../nn/layout.ts';
import type { MaskPlan, Method } from './method.ts';

/* Methods that train the weights outside their masks, too: what forward passes see of these, and what draws them to 0. */

/** State buffer with a bit for each weight that the optimizer moves: all of them. */
export const EVERY_WEIGHT = 'every weight';

/** Knobs of a step: the factor that forward passes see weights outside the mask with, and the pull on them. */
export const FACTOR = 'outside factor';
export const PULL = 'outside pull';

/** Values of these knobs at a step of the phase; none for methods whose other weights are 0. */
export function outsideKnobs({ outside }: Pick<MaskPlan, 'outside'>, step: number): Record<string, number> {
  return outside ? { [FACTOR]: outside.factor?.(step) ?? 0, [PULL]: outside.pull(step) } : {};
}

/**
 * What the knobs of an encoded step held of these, under the names of columns: `beta` where weights outside the mask
 * fade, `pull` where they are drawn to 0.
 */
export function outsideColumns({ outside }: Pick<MaskPlan, 'outside'>, knobs: KnobValues): Readonly<Record<string, number>> {
  return { ...(outside?.factor && { beta: knobs[FACTOR] as number }), ...(outside?.pulls && { pull: knobs[PULL] as number }) };
}

/** How an optimizer of this name treats weights outside the mask. */
export function optimizerMask(trace: Trace, layout: Pick<ParamLayout, 'masked'>, plan: Pick<MaskPlan, 'outside'>, name: string): { mask: Value } | { pull: string } {
  return pullsInStep(plan, name) ? { pull: PULL } : { mask: trainedMask(trace, layout, plan) };
}

/** True where an optimizer of this name pulls by itself, apart from its first moment. */
export const pullsInStep = ({ outside }: Pick<MaskPlan, 'outside'>, name: string): boolean => outside?.pulls === 'step' && name !== 'sgd';

/** The bits by which the optimizer moves weights, and norms count them. */
export function trainedMask(trace: Trace, layout: Pick<ParamLayout, 'masked'>, { outside }: Pick<MaskPlan, 'outside'>): Value {
  return outside ? trace.state(EVERY_WEIGHT, 'bits', layout.masked) : trace.state('masks', 'bits', 4 * layout.masked);
}

/** True of methods that choose their mask anew from all weights, active or not: they train those outside, too. */
export function choosesAnew({ update }: Pick<Method, 'update'>): boolean {
  let found = false;
  update?.({ drop: () => undefined, grow: () => undefined, choose: () => void (found = true) });
  return found;
}
