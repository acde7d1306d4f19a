import type { Value } from '../gpu/trace.ts';
import { swiglu as forwardKernel, swigluGradient } from '../kernels/elementwise.ts';
import { inMemory, op, type Attributes } from './op.ts';

/** y = gate * sigmoid(gate) * up, element by element: the gated unit of SwiGLU (Shazeer 2020). Inputs gate and up of one shape. */
export const swiglu = op<Attributes>({
  name: 'swiglu',
  infer([gate, up]) {
    if (gate?.join() !== up?.join()) throw new Error(`swiglu: gate [${gate?.join()}] and up [${up?.join()}] must have one shape.`);
    return { shape: gate as readonly number[], dtype: 'f32' };
  },
  forward(tape, call) {
    const [gate, up] = call.inputs as readonly [Value, Value];
    tape.trace.dispatch(forwardKernel, { label: 'swiglu', params: { n: gate.length }, bind: { gate, up, y: call.output } });
  },
  differentiable: true,
  backward(tape, call, arrived, give) {
    const [gate, up] = call.inputs as readonly [Value, Value];
    const target = (value: Value): Value => (tape.needsGradient(value) ? tape.gradientTarget(value) : tape.transient('no gradient', value.shape));
    const [dgate, dup] = [target(gate), target(up)];
    tape.trace.dispatch(swigluGradient, { label: 'swiglu gradient', params: { n: gate.length }, bind: { gate, up, dy: tape.materialise(arrived, call.output.shape), dgate, dup } });
    give(0, inMemory(dgate));
    give(1, inMemory(dup));
  },
  reference: ([gate, up]) => (gate as Float64Array).map((g, i) => (g / (1 + Math.exp(-g))) * ((up as Float64Array)[i] as number)),
  cases: [[1, 1], [3, 7], [16, 65]].map((shape) => ({ name: shape.join(' x '), shapes: [shape, shape], attributes: {} })),
  cover: { free: 1, at: ([n]) => ({ shapes: [[n as number], [n as number]], attributes: {} }) },
  transcendental: () => true,
  terms: () => 1,
});
