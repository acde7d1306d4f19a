import type { Value } from '../gpu/trace.ts';
import { squaredError as forwardKernel, squaredErrorGradient } from '../kernels/loss.ts';
import { accumulate } from '../kernels/elementwise.ts';
import { inMemory, op, type Attributes } from './op.ts';
import { NO_KNOB } from './tape.ts';

/** What the operation means, in float64; both arrays (features, batch). */
function reference([y, goal]: readonly Float64Array[], shapes: readonly (readonly number[])[]): Float64Array {
  const [features, batch] = shapes[0] as readonly [number, number];
  return Float64Array.from({ length: batch }, (_, b) => {
    let sum = 0;
    for (let f = 0; f < features; f++) sum += (((y as Float64Array)[f * batch + b] as number) - ((goal as Float64Array)[f * batch + b] as number)) ** 2;
    return sum / features;
  });
}

/** loss (batch) = mean over the features of (y - goal)^2; y and goal (features, batch). */
export const squaredError = op<Attributes>({
  name: 'squaredError',
  infer: ([y]) => ({ shape: [y?.[1] as number], dtype: 'f32' }),
  forward(tape, call) {
    const [y, goal] = call.inputs as readonly [Value, Value];
    const [features, batch] = y.shape as readonly [number, number];
    tape.trace.dispatch(forwardKernel, { label: 'squared error', params: { features, batch }, bind: { y, goal, loss: call.output } });
  },
  differentiable: true,
  backward(tape, call, arrived, give) {
    const [y, goal] = call.inputs as readonly [Value, Value];
    const [features, batch] = y.shape as readonly [number, number];
    const dy = tape.gradientTarget(y);
    const uniform = arrived.kind === 'uniform';
    tape.trace.dispatch(squaredErrorGradient, {
      label: 'squared error gradient',
      params: { features, batch, scale: uniform ? arrived.scale : 1, scale_knob: uniform ? arrived.knob : NO_KNOB, per_row: uniform ? 0 : 1 },
      bind: { y, goal, drow: uniform ? y : arrived.value, dy },
    });
    give(0, inMemory(dy));
    if (!tape.needsGradient(goal)) return;
    const dgoal = tape.gradientTarget(goal);
    tape.trace.dispatch(accumulate, { label: 'gradient of the goal', params: { n: dy.length, keep: 0, scale: -1 }, bind: { x: dy, total: dgoal } });
    give(1, inMemory(dgoal));
  },
  reference,
  cases: [[1, 1], [7, 17], [65, 3]].map((shape) => ({ name: shape.join(' x '), shapes: [shape, shape], attributes: {} })),
  cover: { free: 2, at: (shape) => ({ shapes: [shape, shape], attributes: {} }) },
  transcendental: () => false,
  terms: (shapes) => shapes[0]?.[0] ?? 1,
  magnitude: ([y, goal], shapes) => reference([(y as Float64Array).map(Math.abs), (goal as Float64Array).map((v) => -Math.abs(v))], shapes),
});
