import type { Value } from '../gpu/trace.ts';
import { batchNorm, batchNormGiven, traceRunning } from '../ops/batchNorm.ts';
import { layerNorm } from '../ops/layerNorm.ts';
import { rmsNorm } from '../ops/rmsNorm.ts';
import type { Tape } from '../ops/tape.ts';
import type { HiddenSpec } from './layers.ts';
import { type ParamLayout, runningViews } from './layout.ts';

/* Norms of hidden layers; apart from the rest because most networks have none, and the page's first load no use for them. */

/** Added to the variance, or the mean of squares, by all norms. */
export const NORM_EPSILON = 1e-5;

/**
 * The norm of hidden layer `name`, of its product h (features, batch). Batch norm fuses the activation where it can, and
 * takes the statistics of the batch while training, else the running ones.
 */
export function normalise(tape: Tape, spec: HiddenSpec, name: string, h: Value, params: ReadonlyMap<string, Value>): Value {
  const get = (part: string): Value => params.get(`${name}.${part}`) as Value;
  if (spec.norm === 'layer') return tape.apply(layerNorm, [h, get('gain'), get('shift')], { epsilon: NORM_EPSILON });
  if (spec.norm === 'rms') return tape.apply(rmsNorm, [h, get('gain')], { epsilon: NORM_EPSILON });
  const attributes = { epsilon: NORM_EPSILON, activation: spec.activation !== 'gelu' ? spec.activation : 'none' } as const;
  if (tape.training) return tape.apply(batchNorm, [h, get('gain'), get('shift')], attributes);
  return tape.apply(batchNormGiven, [h, get('gain'), get('shift'), get('running')], attributes);
}

/** Records how running statistics follow those of the batch; behind the close of a step, whose flag in `status` decides whether they move. */
export function moveRunning({ trace, calls }: Tape, layout: ParamLayout, status: Value): void {
  // Batch norms were called in the order of the layout.
  const norms = calls.filter((call) => call.op.name === 'batchNorm');
  const views = runningViews(trace, layout);
  layout.running.forEach(({ name }, i) => {
    const [call, view] = [norms[i], views.get(name)];
    if (call && view) traceRunning(trace, call, view, status);
  });
}
