import type { KnobLayout } from '../gpu/knobs.ts';
import { asWords, type Trace, type Value } from '../gpu/trace.ts';
import { accumulate, fill, placeWords } from '../kernels/elementwise.ts';
import { NO_KNOB } from '../ops/tape.ts';

/** State buffer that a micro-batch's own gradients are written to, before they are added to `grads`. */
export const MICRO_GRADIENTS = 'micro grads';

/** What a step has gathered of its batch so far; whole once its last micro-batch is there. */
export interface Gathered {
  /** Losses, one an example of the batch. */
  rows: Value;
  /** 1 where the answer is correct, one an example of the batch. */
  correct: Value;
}

/**
 * Adds a micro-batch to what its step has gathered: its n gradients to `grads`, in the order of the micro-batches, and
 * its losses and answers to their place in the batch, which is the knob `place` u32.
 */
export function traceGather(trace: Trace, knobs: KnobLayout, batch: number, n: number, { rows, correct }: Gathered): Gathered {
  trace.dispatch(accumulate, { label: 'add gradients', params: { n, keep: 1, scale: 1 }, bind: { x: trace.state(MICRO_GRADIENTS, 'f32', n), total: trace.state('grads', 'f32', n) } });
  const all: Gathered = { rows: trace.state('batch losses', 'f32', batch), correct: trace.state('batch answers', 'u32', batch) };
  const at_knob = knobs.at('place', 'u32').index;
  for (const [label, from, to] of [['place losses', rows, all.rows], ['place answers', correct, all.correct]] as const) {
    trace.dispatch(placeWords, { label, params: { n: from.length, size: batch, at_knob }, bind: { x: asWords(from), y: asWords(to) } });
  }
  return all;
}

/** Empties `grads` for the next step. */
export function traceForget(trace: Trace, n: number): void {
  trace.dispatch(fill, { label: 'forget gradients', params: { n, scale: 0, scale_knob: NO_KNOB }, bind: { y: trace.state('grads', 'f32', n) } });
}

/**
 * What stands in the `step` knob of micro-batch m of a step but the last, whose number is the step's own: no other step
 * or micro-batch has it, so that dropout draws another pattern for each. A run has less than 2^24 steps.
 */
export function microStep(step: number, m: number): number {
  return (m + 1) * 2 ** 24 + step;
}
