import type { Value } from '../gpu/trace.ts';
import { applyMask as kernel } from '../kernels/elementwise.ts';
import { inMemory, op, type Call } from './op.ts';
import { NO_KNOB, type Tape } from './tape.ts';

/** What becomes of elements without a bit: `rest` times the knob of this name, if it has one, stays of them. Their gradient shrinks the same way, or goes straight through. `first` is the bit of the first element. */
type Masking = { straightThrough: boolean; rest: number; knob: string; first?: number };

function trace(tape: Tape, { attributes: { rest, knob, first = 0 } }: Call & { attributes: Masking }, label: string, x: Value, bits: Value, y: Value): void {
  tape.trace.dispatch(kernel, { label, params: { n: x.length, first, rest, rest_knob: knob === '' ? NO_KNOB : tape.knobs.at(knob, 'f32').index }, bind: { x, bits, y } });
}

/** y = x where the bit is set, else `rest` x. The gradient is masked in the same way, or goes straight through (Bengio et al. 2013). */
export const applyMask = op<Masking>({
  name: 'applyMask',
  infer: ([x]) => ({ shape: x as readonly number[], dtype: 'f32' }),
  forward(tape, call) {
    const [x, bits] = call.inputs as readonly [Value, Value];
    trace(tape, call, 'apply mask', x, bits, call.output);
  },
  differentiable: true,
  backward(tape, call, arrived, give) {
    const [x, bits] = call.inputs as readonly [Value, Value];
    if (call.attributes.straightThrough) return give(0, arrived);
    const dx = tape.gradientTarget(x);
    trace(tape, call, 'mask gradient', tape.materialise(arrived, x.shape), bits, dx);
    give(0, inMemory(dx));
  },
  reference: ([x, bits], _, { rest, first = 0 }) => (x as Float64Array).map((v, i) => ((bits as Float64Array)[first + i] ? v : rest * v)),
  cases: [[1], [65], [7, 33]].map((shape, i) => ({ name: shape.join(' x '), shapes: [shape, shape], attributes: { straightThrough: false, rest: [0.25, 1, 0][i] ?? 0, knob: '' }, bits: [1] })),
  cover: { free: 1, at: ([n]) => ({ shapes: [[n as number], [70 + (n as number)]], attributes: { straightThrough: false, rest: (n as number) % 2 === 0 ? 0 : 0.5, knob: '', first: (n as number) % 70 }, bits: [1] }) },
  transcendental: () => false,
  terms: () => 1,
  magnitude: ([x]) => (x as Float64Array).map(Math.abs),
});
