import type { Value } from '../gpu/trace.ts';
import { positiveBits as kernel } from '../kernels/elementwise.ts';
import { op, type Attributes } from './op.ts';

/** A bitset: set where x > 0. */
export const positiveBits = op<Attributes>({
  name: 'positiveBits',
  infer: ([x]) => ({ shape: x as readonly number[], dtype: 'bits' }),
  forward(tape, call) {
    const x = call.inputs[0] as Value;
    tape.trace.dispatch(kernel, { label: 'positive bits', params: { n: x.length }, bind: { x, bits: call.output } });
  },
  differentiable: 'a bit does not change a little when x does',
  reference: ([x]) => (x as Float64Array).map((v) => (v > 0 ? 1 : 0)),
  cases: [[1], [31], [32], [7, 33]].map((shape) => ({ name: shape.join(' x '), shapes: [shape], attributes: {} })),
  cover: { free: 1, at: ([n]) => ({ shapes: [[n as number]], attributes: {} }) },
  transcendental: () => false,
  terms: () => 1,
});
