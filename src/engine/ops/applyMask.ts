import type { Value } from '../gpu/trace.ts';
import { applyMask as kernel } from '../kernels/elementwise.ts';
import { inMemory, op } from './op.ts';

/** y = x where the bit is set, else 0. The gradient is masked too, or goes straight through (Bengio et al. 2013). */
export const applyMask = op<{ straightThrough: boolean }>({
  name: 'applyMask',
  infer: ([x]) => ({ shape: x as readonly number[], dtype: 'f32' }),
  forward(tape, call) {
    const [x, bits] = call.inputs as readonly [Value, Value];
    tape.trace.dispatch(kernel, { label: 'apply mask', params: { n: x.length }, bind: { x, bits, y: call.output } });
  },
  differentiable: true,
  backward(tape, call, arrived, give) {
    const [x, bits] = call.inputs as readonly [Value, Value];
    if (call.attributes.straightThrough) return give(0, arrived);
    const dx = tape.gradientTarget(x);
    tape.trace.dispatch(kernel, { label: 'mask gradient', params: { n: x.length }, bind: { x: tape.materialise(arrived, x.shape), bits, y: dx } });
    give(0, inMemory(dx));
  },
  reference: ([x, bits]) => (x as Float64Array).map((v, i) => ((bits as Float64Array)[i] ? v : 0)),
  cases: [[1], [65], [7, 33]].map((shape) => ({ name: shape.join(' x '), shapes: [shape, shape], attributes: { straightThrough: false }, bits: [1] })),
  cover: { free: 1, at: ([n]) => ({ shapes: [[n as number], [n as number]], attributes: { straightThrough: false }, bits: [1] }) },
  transcendental: () => false,
  terms: () => 1,
});
