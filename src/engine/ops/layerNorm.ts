import type { Value } from '../gpu/trace.ts';
import { layerNorm as forwardKernel, layerNormInputGradient, layerNormWeightGradient } from '../kernels/norm.ts';
import { inMemory, op } from './op.ts';

/** y = gain * (x - mean) / sqrt(variance + epsilon) + shift over the features of each example (Ba et al. 2016). Inputs x (features, batch), gain and shift (features). */
export const layerNorm = op<{ epsilon: number }>({
  name: 'layerNorm',
  infer: ([x]) => ({ shape: x as readonly number[], dtype: 'f32' }),
  forward(tape, call) {
    const [x, gain, shift] = call.inputs as readonly [Value, Value, Value];
    const [features, batch] = x.shape as readonly [number, number];
    const stats = tape.transient('mean and rstd', [2, batch]);
    call.saved.stats = stats;
    tape.trace.dispatch(forwardKernel, { label: 'layer norm', params: { features, batch, epsilon: call.attributes.epsilon }, bind: { x, gain, shift, y: call.output, stats } });
  },
  differentiable: true,
  backward(tape, call, arrived, give) {
    const [x, gain, shift] = call.inputs as readonly [Value, Value, Value];
    const [features, batch] = x.shape as readonly [number, number];
    const dy = tape.materialise(arrived, call.output.shape);
    const stats = call.saved.stats as Value;
    if (tape.needsGradient(gain) || tape.needsGradient(shift)) {
      const dgain = tape.gradientTarget(gain);
      const dshift = tape.gradientTarget(shift);
      tape.trace.dispatch(layerNormWeightGradient, { label: 'layer norm weight gradient', params: { features, batch }, bind: { x, stats, dy, dgain, dshift } });
      give(1, inMemory(dgain));
      give(2, inMemory(dshift));
    }
    if (tape.needsGradient(x)) {
      const dx = tape.gradientTarget(x);
      tape.trace.dispatch(layerNormInputGradient, { label: 'layer norm input gradient', params: { features, batch }, bind: { x, gain, stats, dy, dx } });
      give(0, inMemory(dx));
    }
  },
  reference([x, gain, shift], shapes, { epsilon }) {
    const [features, batch] = shapes[0] as readonly [number, number];
    const y = new Float64Array(features * batch);
    for (let b = 0; b < batch; b++) {
      const column = Array.from({ length: features }, (_, f) => (x as Float64Array)[f * batch + b] as number);
      const mean = column.reduce((a, v) => a + v, 0) / features;
      const variance = column.reduce((a, v) => a + (v - mean) ** 2, 0) / features;
      column.forEach((v, f) => (y[f * batch + b] = ((gain as Float64Array)[f] as number) * ((v - mean) / Math.sqrt(variance + epsilon)) + ((shift as Float64Array)[f] as number)));
    }
    return y;
  },
  cases: [[2, 1], [17, 5], [64, 33]].map(([f, b]) => ({ name: `${f} x ${b}`, shapes: [[f as number, b as number], [f as number], [f as number]], attributes: { epsilon: 1e-3 } })),
  cover: { free: 2, at: ([features, batch]) => ({ shapes: [[features as number, batch as number], [features as number], [features as number]], attributes: { epsilon: 1e-2 } }) },
  transcendental: () => true,
  terms: (shapes) => Math.max(...(shapes[0] ?? [1])),
  // |gain| (|x| + |mean|) / sd + |shift|: what cancels in x - mean counts.
  magnitude([x, gain, shift], shapes, { epsilon }) {
    const [features, batch] = shapes[0] as readonly [number, number];
    const size = new Float64Array(features * batch);
    for (let b = 0; b < batch; b++) {
      const column = Array.from({ length: features }, (_, f) => (x as Float64Array)[f * batch + b] as number);
      const mean = column.reduce((a, v) => a + v, 0) / features;
      const rstd = 1 / Math.sqrt(column.reduce((a, v) => a + (v - mean) ** 2, 0) / features + epsilon);
      column.forEach((v, f) => (size[f * batch + b] = Math.abs((gain as Float64Array)[f] as number) * (Math.abs(v) + Math.abs(mean)) * rstd + Math.abs((shift as Float64Array)[f] as number)));
    }
    return size;
  },
});
