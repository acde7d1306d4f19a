import { softmaxCrossEntropy as forwardKernel, softmaxCrossEntropyGradient } from '../kernels/loss.ts';
import { inMemory, op } from './op.ts';
import type { Value } from '../gpu/trace.ts';
import { NO_KNOB } from './tape.ts';

/**
 * loss (batch) = log sum exp(logits) - logits[label]; logits (classes, batch), labels (batch) u32.
 * `saved.correct` (batch) u32 tells where the largest logit is the label's.
 */
export const softmaxCrossEntropy = op<Record<never, never>>({
  name: 'softmaxCrossEntropy',
  infer: ([logits]) => ({ shape: [logits?.[1] as number], dtype: 'f32' }),
  forward(tape, call) {
    const [logits, labels] = call.inputs as readonly [Value, Value];
    const correct = tape.transient('correct', [labels.length], 'u32');
    call.saved.correct = correct;
    tape.trace.dispatch(forwardKernel, {
      label: 'softmax cross-entropy',
      params: { classes: logits.shape[0] as number, batch: logits.shape[1] as number },
      bind: { logits, labels, loss: call.output, correct },
    });
  },
  differentiable: true,
  backward(tape, call, arrived, give) {
    const [logits, labels] = call.inputs as readonly [Value, Value];
    const dlogits = tape.gradientTarget(logits);
    tape.trace.dispatch(softmaxCrossEntropyGradient, {
      label: 'softmax cross-entropy gradient',
      params: {
        classes: logits.shape[0] as number, batch: logits.shape[1] as number,
        scale: arrived.kind === 'uniform' ? arrived.scale : 1, scale_knob: arrived.kind === 'uniform' ? arrived.knob : NO_KNOB,
        per_row: arrived.kind === 'value' ? 1 : 0,
      },
      bind: { logits, labels, drow: arrived.kind === 'value' ? arrived.value : logits, dlogits },
    });
    give(0, inMemory(dlogits));
  },
  reference([logits, labels], shapes) {
    const [classes, batch] = shapes[0] as readonly [number, number];
    const loss = new Float64Array(batch);
    for (let b = 0; b < batch; b++) {
      const column = Array.from({ length: classes }, (_, c) => (logits as Float64Array)[c * batch + b] as number);
      const top = Math.max(...column);
      const label = Math.min((labels as Float64Array)[b] as number, classes - 1);
      loss[b] = Math.log(column.reduce((sum, v) => sum + Math.exp(v - top), 0)) + top - (column[label] as number);
    }
    return loss;
  },
  cases: [
    { name: 'digits', shapes: [[10, 17], [17]], attributes: {}, integers: { 1: 10 } },
    { name: 'two classes', shapes: [[2, 65], [65]], attributes: {}, integers: { 1: 2 } },
    { name: 'one example', shapes: [[3, 1], [1]], attributes: {}, integers: { 1: 3 } },
  ],
  cover: { free: 2, at: ([classes, batch]) => ({ shapes: [[classes as number, batch as number], [batch as number]], attributes: {}, integers: { 1: classes as number } }) },
  transcendental: () => true,
  // Largest logit, label's logit and the logarithm of the sum, for logits within 1.
  magnitude: (_, shapes) => new Float64Array(shapes[0]?.[1] ?? 1).fill(2 + Math.log(shapes[0]?.[0] ?? 1)),
  terms: (shapes) => shapes[0]?.[0] ?? 1,
});
