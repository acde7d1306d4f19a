import type { Value } from '../gpu/trace.ts';
import { add as kernel } from '../kernels/elementwise.ts';
import { op, type Attributes } from './op.ts';

/** y = a + b, of equal shapes. */
export const add = op<Attributes>({
  name: 'add',
  infer: ([a]) => ({ shape: a as readonly number[], dtype: 'f32' }),
  forward(tape, call) {
    const [a, b] = call.inputs as readonly [Value, Value];
    tape.trace.dispatch(kernel, { label: 'add', params: { n: a.length }, bind: { a, b, y: call.output } });
  },
  differentiable: true,
  // Both inputs share the gradient of the sum: the tape never changes a gradient in place.
  backward(_, __, arrived, give) {
    give(0, arrived);
    give(1, arrived);
  },
  reference: ([a, b]) => (a as Float64Array).map((v, i) => v + ((b as Float64Array)[i] as number)),
  cases: [[1], [65], [7, 33]].map((shape) => ({ name: shape.join(' x '), shapes: [shape, shape], attributes: {} })),
  cover: { free: 1, at: ([n]) => ({ shapes: [[n as number], [n as number]], attributes: {} }) },
  transcendental: () => false,
  terms: () => 2,
  magnitude: ([a, b]) => (a as Float64Array).map((v, i) => Math.abs(v) + Math.abs((b as Float64Array)[i] as number)),
});
