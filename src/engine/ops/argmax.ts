import type { Value } from '../gpu/trace.ts';
import { argmax as kernel } from '../kernels/loss.ts';
import { op, type Attributes } from './op.ts';

/** The class with the largest logit, ties to the lower class: u32 (batch) of logits (classes, batch). */
export const argmax = op<Attributes>({
  name: 'argmax',
  infer: ([logits]) => ({ shape: [logits?.[1] as number], dtype: 'u32' }),
  forward(tape, call) {
    const logits = call.inputs[0] as Value;
    tape.trace.dispatch(kernel, { label: 'argmax', params: { classes: logits.shape[0] as number, batch: logits.shape[1] as number }, bind: { logits, best: call.output } });
  },
  differentiable: 'a class does not change a little when logits do',
  reference([logits], shapes) {
    const [classes, batch] = shapes[0] as readonly [number, number];
    return Float64Array.from({ length: batch }, (_, b) => {
      let best = 0;
      for (let c = 1; c < classes; c++) if (((logits as Float64Array)[c * batch + b] as number) > ((logits as Float64Array)[best * batch + b] as number)) best = c;
      return best;
    });
  },
  cases: [[1, 1], [10, 17], [3, 65]].map((shape) => ({ name: shape.join(' x '), shapes: [shape], attributes: {} })),
  cover: { free: 2, at: (shape) => ({ shapes: [shape], attributes: {} }) },
  transcendental: () => false,
  terms: () => 1,
});
