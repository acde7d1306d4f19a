import type { Value } from '../gpu/trace.ts';
import { rmsNorm as forwardKernel, rmsNormInputGradient, rmsNormWeightGradient } from '../kernels/norm.ts';
import { inMemory, op } from './op.ts';

/** gain * x / sqrt(mean of squares + epsilon); `use` turns what is scaled. */
function reference([x, gain]: readonly Float64Array[], shapes: readonly (readonly number[])[], { epsilon }: { epsilon: number }, use: (v: number) => number = (v) => v): Float64Array {
  const [features, batch] = shapes[0] as readonly [number, number];
  const y = new Float64Array(features * batch);
  for (let b = 0; b < batch; b++) {
    const column = Array.from({ length: features }, (_, f) => (x as Float64Array)[f * batch + b] as number);
    const root = Math.sqrt(column.reduce((a, v) => a + v * v, 0) / features + epsilon);
    column.forEach((v, f) => (y[f * batch + b] = use((((gain as Float64Array)[f] as number) * v) / root)));
  }
  return y;
}

/** y = gain * x / rms(x) over the features of each example (Zhang and Sennrich 2019). Inputs x (features, batch) and gain (features). */
export const rmsNorm = op<{ epsilon: number }>({
  name: 'rmsNorm',
  infer: ([x]) => ({ shape: x as readonly number[], dtype: 'f32' }),
  forward(tape, call) {
    const [x, gain] = call.inputs as readonly [Value, Value];
    const [features, batch] = x.shape as readonly [number, number];
    const scales = tape.transient('inverse rms', [batch]);
    call.saved.scales = scales;
    tape.trace.dispatch(forwardKernel, { label: 'rms norm', params: { features, batch, epsilon: call.attributes.epsilon }, bind: { x, gain, y: call.output, scales } });
  },
  differentiable: true,
  backward(tape, call, arrived, give) {
    const [x, gain] = call.inputs as readonly [Value, Value];
    const [features, batch] = x.shape as readonly [number, number];
    const dy = tape.materialise(arrived, call.output.shape);
    const scales = call.saved.scales as Value;
    if (tape.needsGradient(gain)) {
      const dgain = tape.gradientTarget(gain);
      tape.trace.dispatch(rmsNormWeightGradient, { label: 'rms norm weight gradient', params: { features, batch }, bind: { x, scales, dy, dgain } });
      give(1, inMemory(dgain));
    }
    if (tape.needsGradient(x)) {
      const dx = tape.gradientTarget(x);
      tape.trace.dispatch(rmsNormInputGradient, { label: 'rms norm input gradient', params: { features, batch }, bind: { x, gain, scales, dy, dx } });
      give(0, inMemory(dx));
    }
  },
  reference,
  cases: [[2, 1], [17, 5], [64, 33]].map(([f, b]) => ({ name: `${f} x ${b}`, shapes: [[f as number, b as number], [f as number]], attributes: { epsilon: 1e-3 } })),
  cover: { free: 2, at: ([features, batch]) => ({ shapes: [[features as number, batch as number], [features as number]], attributes: { epsilon: 1e-2 } }) },
  transcendental: () => true,
  terms: (shapes) => Math.max(...(shapes[0] ?? [1])),
  magnitude: (inputs, shapes, attributes) => reference(inputs, shapes, attributes, Math.abs),
});
