import { broadcast, sumChunks } from '../kernels/elementwise.ts';
import type { Tape } from './tape.ts';
import type { Value } from '../gpu/trace.ts';
import { inMemory, op, type Attributes, type Call, type Gradient } from './op.ts';

/** Elements of a chunk: one thread sums them in order. Fixed by the shape, so that the order of the sum is. */
export function chunkOf(n: number): number {
  return n <= 256 ? n : Math.max(64, 64 * Math.ceil(Math.sqrt(n) / 64));
}

function traceSum(tape: Tape, call: Call, factor: number): void {
  const x = call.inputs[0] as Value;
  const chunk = chunkOf(x.length);
  const chunks = Math.ceil(x.length / chunk);
  if (chunks === 1) {
    tape.trace.dispatch(sumChunks, { label: call.op.name, params: { n: x.length, chunk, scale: factor }, bind: { x, sums: call.output } });
    return;
  }
  const sums = tape.transient('chunk sums', [chunks]);
  tape.trace.dispatch(sumChunks, { label: `${call.op.name}, chunks`, params: { n: x.length, chunk, scale: 1 }, bind: { x, sums } });
  tape.trace.dispatch(sumChunks, { label: call.op.name, params: { n: chunks, chunk: chunks, scale: factor }, bind: { x: sums, sums: call.output } });
}

function traceSpread(tape: Tape, call: Call, arrived: Gradient, factor: number, give: (input: number, gradient: Gradient) => void): void {
  const x = call.inputs[0] as Value;
  if (arrived.kind === 'uniform') return give(0, { ...arrived, scale: arrived.scale * factor });
  const y = tape.gradientTarget(x);
  tape.trace.dispatch(broadcast, { label: `${call.op.name} gradient`, params: { n: x.length, scale: factor }, bind: { x: arrived.value, y } });
  give(0, inMemory(y));
}

const cover = { free: 1 as const, at: ([n]: readonly number[]) => ({ shapes: [[n as number]], attributes: {} }) };
const addUp = (x: Float64Array): number => x.reduce((a, b) => a + b, 0);
const SHAPES = [[1], [7], [256], [257], [65, 129]] as const;
const cases = SHAPES.map((shape) => ({ name: shape.join(' x '), shapes: [shape], attributes: {} }));
const terms = (shapes: readonly (readonly number[])[]): number => (shapes[0] ?? []).reduce((a, b) => a * b, 1);

/** The mean over all elements: one number. */
export const mean = op<Attributes>({
  name: 'mean',
  infer: () => ({ shape: [1], dtype: 'f32' }),
  forward: (tape, call) => traceSum(tape, call, 1 / (call.inputs[0] as Value).length),
  differentiable: true,
  backward: (tape, call, arrived, give) => traceSpread(tape, call, arrived, 1 / (call.inputs[0] as Value).length, give),
  reference: ([x]) => Float64Array.of(addUp(x as Float64Array) / (x as Float64Array).length),
  magnitude: ([x]) => Float64Array.of(addUp((x as Float64Array).map(Math.abs)) / (x as Float64Array).length),
  cases, cover, terms, transcendental: () => false,
});

/** The sum over all elements: one number. */
export const sum = op<Attributes>({
  name: 'sum',
  infer: () => ({ shape: [1], dtype: 'f32' }),
  forward: (tape, call) => traceSum(tape, call, 1),
  differentiable: true,
  backward: (tape, call, arrived, give) => traceSpread(tape, call, arrived, 1, give),
  reference: ([x]) => Float64Array.of(addUp(x as Float64Array)),
  magnitude: ([x]) => Float64Array.of(addUp((x as Float64Array).map(Math.abs))),
  cases, cover, terms, transcendental: () => false,
});
