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
  backward(tape, call, arrived, give) {
    // Each input gets memory of its own: a gradient may later be summed in place.
    give(0, arrived);
    if (arrived.kind === 'uniform' || !tape.needsGradient(call.inputs[1] as Value)) return give(1, arrived);
    give(1, { kind: 'value', value: tape.copy(arrived.value) });
  },
  reference: ([a, b]) => (a as Float64Array).map((v, i) => v + ((b as Float64Array)[i] as number)),
  cases: [[1], [65], [7, 33]].map((shape) => ({ name: shape.join(' x '), shapes: [shape, shape], attributes: {} })),
  transcendental: false,
  terms: () => 2,
});
