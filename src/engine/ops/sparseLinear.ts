import { csrCount, csrFill, csrForward, csrIndexLength, csrInputGradient, csrScan, csrWalkers, csrWeightGradient } from '../kernels/csr.ts';
import { ACTIVATION_CODES, fill } from '../kernels/elementwise.ts';
import { linearWeightGradient } from '../kernels/linear.ts';
import type { Trace, Value } from '../gpu/trace.ts';
import { type FusedActivation, beforeActivation, fusedProducer } from './fusedActivation.ts';
import { linear } from './linear.ts';
import { inMemory, op, type Call } from './op.ts';
import { NO_KNOB, type Tape } from './tape.ts';

/** Settings of a sparse product. */
type Sparse = {
  activation: FusedActivation;
  bias: boolean;
  /** State buffer with the index of the mask, kept up to date by whoever changes the mask; empty: made here, each time. */
  index: string;
  /** First bit of the layer in the mask that is bound. */
  first: number;
  /** Compute the gradient of all weights, as methods need that grow by it. */
  denseGradient: boolean;
};

type SparseCall = Call & { attributes: Sparse };

const sizes = ({ inputs: [x, weight] }: Call): { out_size: number; in_size: number; batch: number } =>
  ({ out_size: weight?.shape[0] as number, in_size: weight?.shape[1] as number, batch: x?.shape[1] as number });

/** Records the three dispatches that make the index of a layer's mask. `mask` holds the layer's bits from `first` on. */
export function traceCsrIndex(trace: Trace, layer: { name: string; out: number; in: number; first: number }, mask: Value, index: Value): void {
  const size = { out_size: layer.out, in_size: layer.in };
  const lines = { ...size, first: layer.first };
  trace.dispatch(csrCount, { label: `index ${layer.name}: count`, params: lines, bind: { mask, index } });
  trace.dispatch(csrScan, { label: `index ${layer.name}: add up`, params: size, bind: { index } });
  trace.dispatch(csrFill, { label: `index ${layer.name}: entries`, params: lines, bind: { mask, index } });
}

function indexOf(tape: Tape, { inputs, attributes }: SparseCall): Value {
  const [, weight, mask] = inputs as readonly [Value, Value, Value];
  const [out, width] = weight.shape as readonly [number, number];
  const length = csrIndexLength(out, width);
  if (attributes.index !== '') return tape.trace.state(attributes.index, 'u32', length);
  const index = tape.trace.transient('index', 'u32', [length]);
  traceCsrIndex(tape.trace, { name: weight.name, out, in: width, first: attributes.first }, mask, index);
  return index;
}

function weightGradient(tape: Tape, call: SparseCall, dz: Value, dw: Value, db: Value, trained: boolean): void {
  const [x, weight] = call.inputs as readonly [Value, Value];
  const { index, denseGradient } = call.attributes;
  const params = { ...sizes(call), has_bias: trained ? 1 : 0 };
  if (denseGradient) {
    tape.trace.dispatch(linearWeightGradient, { label: `dense weight gradient ${weight.name}`, params, bind: { dy: dz, x, dw, db } });
    return;
  }
  // With an index of its own the mask may be new each time: what is outside of it must not hold what an earlier one left.
  if (index === '') tape.trace.dispatch(fill, { label: 'no gradient outside the mask', params: { n: dw.length, scale: 0, scale_knob: NO_KNOB }, bind: { y: dw } });
  tape.trace.dispatch(csrWeightGradient, {
    label: `weight gradient ${weight.name}`, params: { ...params, walkers: csrWalkers(params.out_size, params.in_size) },
    bind: { index: call.saved.index as Value, dy: dz, x, dw, db },
  });
}

/** The weights that the mask keeps. */
const kept = (w: Float64Array, mask: Float64Array): Float64Array => w.map((v, i) => (mask[i] === 0 ? 0 : v));

/** Inputs and attributes as `linear` takes them. */
function asLinear([x, w, mask, b]: readonly Float64Array[], shapes: readonly (readonly number[])[], { activation, bias }: Sparse) {
  return [[x, kept(w as Float64Array, mask as Float64Array), ...(b ? [b] : [])] as Float64Array[], shapes.filter((_, i) => i !== 2), { activation, bias }] as const;
}

const CSR: Sparse = { activation: 'none', bias: false, index: '', first: 0, denseGradient: false };

/**
 * Y (out, batch) = act(W X + bias) where only the weights of the mask count: read, multiplied and given a gradient.
 * Inputs: X, W, mask (bits, [out, in]), and a bias (optional). The same bits as `linear` of a W that is 0 outside the mask.
 */
export const sparseLinear = op<Sparse>({
  name: 'sparseLinear',
  infer([x, w]) {
    if (!x || !w || x[0] !== w[1]) throw new Error(`sparseLinear: X [${x?.join()}] does not fit W [${w?.join()}].`);
    return { shape: [w[0] as number, x[1] as number], dtype: 'f32' };
  },
  forward(tape, call) {
    const [x, weight, , bias] = call.inputs as readonly [Value, Value, Value, Value | undefined];
    call.saved.index = indexOf(tape, call);
    tape.trace.dispatch(csrForward, {
      label: `forward ${weight.name}`,
      params: { ...sizes(call), activation: ACTIVATION_CODES[call.attributes.activation], has_bias: bias ? 1 : 0 },
      bind: { x, weight, index: call.saved.index, bias: bias ?? weight, y: call.output },
    });
  },
  differentiable: true,
  backward(tape, call, arrived, give) {
    const [x, weight, , bias] = call.inputs as readonly [Value, Value, Value, Value | undefined];
    const dz = beforeActivation(tape, call, tape.materialise(arrived, call.output.shape));
    const trained = bias !== undefined && tape.needsGradient(bias);
    if (tape.needsGradient(weight) || trained) {
      const dw = tape.gradientTarget(weight);
      const db = trained ? tape.gradientTarget(bias) : tape.transient('no bias', [1]);
      weightGradient(tape, call, dz, dw, db, trained);
      give(1, inMemory(dw));
      if (trained) give(3, inMemory(db));
    }
    if (!tape.needsGradient(x)) return;
    const producer = fusedProducer(tape, x);
    const dx = tape.gradientTarget(x);
    tape.trace.dispatch(csrInputGradient, {
      label: `input gradient ${weight.name}`,
      params: { ...sizes(call), activation: producer ? ACTIVATION_CODES[producer.attributes.activation as FusedActivation] : 0 },
      bind: { weight, index: call.saved.index as Value, dy: dz, saved: x, dx },
    });
    if (producer) producer.slopeDone = true;
    give(0, inMemory(dx));
  },
  reference: (inputs, shapes, attributes) => linear.reference(...asLinear(inputs, shapes, attributes)),
  cases: [
    { name: 'plain', shapes: [[5, 7], [3, 5], [3, 5]], bits: [2], attributes: CSR },
    { name: 'bias', shapes: [[16, 17], [7, 16], [7, 16], [7]], bits: [2], attributes: { ...CSR, bias: true } },
    { name: 'tanh', shapes: [[33, 66], [12, 33], [12, 33], [12]], bits: [2], attributes: { ...CSR, activation: 'tanh', bias: true } },
    { name: 'one of everything', shapes: [[1, 1], [1, 1], [1, 1], [1]], bits: [2], attributes: { ...CSR, bias: true } },
  ],
  cover: {
    free: 3,
    at([out, width, batch]) {
      const [o, i, b] = [out, width, batch] as [number, number, number];
      const bias = (o + i + b) % 4 !== 0;
      const activation = (['none', 'relu', 'tanh'] as const)[(o + 2 * i + b) % 3] ?? 'none';
      return { shapes: [[i, b], [o, i], [o, i], ...(bias ? [[o]] : [])], bits: [2], attributes: { ...CSR, activation, bias } };
    },
  },
  transcendental: ({ activation }) => activation === 'tanh',
  terms: (shapes) => linear.terms(shapes),
  magnitude: (inputs, shapes, attributes) => linear.magnitude?.(...asLinear(inputs, shapes, attributes)) as Float64Array,
});
