import { ACTIVATION_CODES, fill } from '../kernels/elementwise.ts';
import { linearWeightGradient } from '../kernels/linear.ts';
import type { Trace, Value } from '../gpu/trace.ts';
import { type FusedActivation, beforeActivation, fusedProducer } from './fusedActivation.ts';
import { linear } from './linear.ts';
import { inMemory, type Attributes, type Call, type Op } from './op.ts';
import { NO_KNOB, type Tape } from './tape.ts';

/** Settings that all products through an index have. */
export type Indexed = Attributes & {
  activation: FusedActivation;
  bias: boolean;
  /** State buffer with the index of the mask, kept up to date by whoever changes the mask; empty: made here, each time. */
  index: string;
  /** First bit of the layer in the mask that is bound. */
  first: number;
  /** Compute the gradient of all weights, as methods need that grow by it. */
  denseGradient: boolean;
};

/** Sizes of a product, as its kernels take them. */
export interface ProductSizes {
  out_size: number;
  in_size: number;
  batch: number;
}

/** A layer whose index is made: sizes of its weight, and the first bit of its mask. */
export interface IndexedLayer {
  name: string;
  out: number;
  in: number;
  first: number;
}

/** A dispatch of a kernel whose further params the format knows. */
interface Product<Extra> {
  label: string;
  params: ProductSizes & Extra;
  bind: Readonly<Record<string, Value>>;
}

/** What a format's products are made of; all of them go over the weights that the index names, and no others. */
export interface IndexedKernels<A extends Indexed> {
  /** Elements (u32) of the index of a layer. */
  indexLength(layer: Pick<IndexedLayer, 'out' | 'in'>, attributes: A): number;
  /** Records what makes the index from the mask. */
  index(trace: Trace, layer: IndexedLayer, mask: Value, index: Value, attributes: A): void;
  forward(trace: Trace, product: Product<{ activation: number; has_bias: number }>, attributes: A): void;
  inputGradient(trace: Trace, product: Product<{ activation: number }>, attributes: A): void;
  weightGradient(trace: Trace, product: Product<{ has_bias: number }>, attributes: A): void;
  /** The weights that count, others 0; in float64. */
  kept(weight: Float64Array, mask: Float64Array, shape: readonly number[], attributes: A): Float64Array;
}

type IndexedCall<A> = Call & { attributes: A };

const sizes = ({ inputs: [x, weight] }: Call): ProductSizes =>
  ({ out_size: weight?.shape[0] as number, in_size: weight?.shape[1] as number, batch: x?.shape[1] as number });

function indexOf<A extends Indexed>(kernels: IndexedKernels<A>, { trace }: Tape, { inputs, attributes }: IndexedCall<A>): Value {
  const [, weight, mask] = inputs as readonly [Value, Value, Value];
  const [out, width] = weight.shape as readonly [number, number];
  const length = kernels.indexLength({ out, in: width }, attributes);
  if (attributes.index !== '') return trace.state(attributes.index, 'u32', length);
  const index = trace.transient('index', 'u32', [length]);
  kernels.index(trace, { name: weight.name, out, in: width, first: attributes.first }, mask, index, attributes);
  return index;
}

function weightGradient<A extends Indexed>(kernels: IndexedKernels<A>, { trace }: Tape, call: IndexedCall<A>, dz: Value, dw: Value, db: Value, trained: boolean): void {
  const [x, weight] = call.inputs as readonly [Value, Value];
  const params = { ...sizes(call), has_bias: trained ? 1 : 0 };
  if (call.attributes.denseGradient) {
    trace.dispatch(linearWeightGradient, { label: `dense weight gradient ${weight.name}`, params, bind: { dy: dz, x, dw, db } });
    return;
  }
  // With an index of its own the mask may be new each time: what is outside of it must not hold what an earlier one left.
  if (call.attributes.index === '') trace.dispatch(fill, { label: 'no gradient outside the mask', params: { n: dw.length, scale: 0, scale_knob: NO_KNOB }, bind: { y: dw } });
  kernels.weightGradient(trace, { label: `weight gradient ${weight.name}`, params, bind: { index: call.saved.index as Value, dy: dz, x, dw, db } }, call.attributes);
}

/** Records gradients of weight, bias and X, as far as they are wanted. */
function backward<A extends Indexed>(kernels: IndexedKernels<A>, tape: Tape, call: IndexedCall<A>, arrived: Parameters<Tape['materialise']>[0], give: (input: number, gradient: ReturnType<typeof inMemory>) => void): void {
  const [x, weight, , bias] = call.inputs as readonly [Value, Value, Value, Value | undefined];
  const dz = beforeActivation(tape, call, tape.materialise(arrived, call.output.shape));
  const trained = bias !== undefined && tape.needsGradient(bias);
  if (tape.needsGradient(weight) || trained) {
    const dw = tape.gradientTarget(weight);
    const db = trained ? tape.gradientTarget(bias) : tape.transient('no bias', [1]);
    weightGradient(kernels, tape, call, dz, dw, db, trained);
    give(1, inMemory(dw));
    if (trained) give(3, inMemory(db));
  }
  if (!tape.needsGradient(x)) return;
  const producer = fusedProducer(tape, x);
  const dx = tape.gradientTarget(x);
  kernels.inputGradient(tape.trace, {
    label: `input gradient ${weight.name}`,
    params: { ...sizes(call), activation: producer ? ACTIVATION_CODES[producer.attributes.activation as FusedActivation] : 0 },
    bind: { weight, index: call.saved.index as Value, dy: dz, saved: x, dx },
  }, call.attributes);
  if (producer) producer.slopeDone = true;
  give(0, inMemory(dx));
}

/**
 * Y (out, batch) = act(W X + bias) where only weights of the mask count: read, multiplied and given a gradient.
 * Inputs: X, W, mask (bits, [out, in]), and a bias (optional). The same bits as `linear` of a W that is 0 outside the mask.
 * @param cases as in Op; shapes are those of X, W, mask, bias
 */
export function indexedLinear<A extends Indexed>(name: string, kernels: IndexedKernels<A>, tests: Pick<Op<A>, 'cases' | 'cover'>): Op<A> {
  /** Inputs and attributes as `linear` takes them. */
  const asLinear = ([x, w, mask, b]: readonly Float64Array[], shapes: readonly (readonly number[])[], attributes: A) => {
    const { activation, bias } = attributes;
    const kept = kernels.kept(w as Float64Array, mask as Float64Array, shapes[1] as readonly number[], attributes);
    return [[x, kept, ...(b ? [b] : [])] as Float64Array[], shapes.filter((_, i) => i !== 2), { activation, bias }] as const;
  };
  return {
    name,
    infer([x, w]) {
      if (!x || !w || x[0] !== w[1]) throw new Error(`${name}: X [${x?.join()}] does not fit W [${w?.join()}].`);
      return { shape: [w[0] as number, x[1] as number], dtype: 'f32' };
    },
    forward(tape, call) {
      const [x, weight, , bias] = call.inputs as readonly [Value, Value, Value, Value | undefined];
      const index = indexOf(kernels, tape, call);
      call.saved.index = index;
      kernels.forward(tape.trace, {
        label: `forward ${weight.name}`,
        params: { ...sizes(call), activation: ACTIVATION_CODES[call.attributes.activation], has_bias: bias ? 1 : 0 },
        bind: { x, weight, index, bias: bias ?? weight, y: call.output },
      }, call.attributes);
    },
    differentiable: true,
    backward: (tape, call, arrived, give) => backward(kernels, tape, call, arrived, give),
    reference: (inputs, shapes, attributes) => linear.reference(...asLinear(inputs, shapes, attributes)),
    ...tests,
    transcendental: ({ activation }) => activation === 'tanh',
    terms: (shapes) => linear.terms(shapes),
    magnitude: (inputs, shapes, attributes) => linear.magnitude?.(...asLinear(inputs, shapes, attributes)) as Float64Array,
  };
}

/** Shapes (X, W, mask and, mostly, a bias) and the settings that come with them, of a test with these sizes. */
export function coverShapes([out, width, batch]: readonly number[]): { shapes: readonly (readonly number[])[]; bits: readonly number[]; attributes: { activation: FusedActivation; bias: boolean } } {
  const [o, i, b] = [out, width, batch] as [number, number, number];
  const bias = (o + i + b) % 4 !== 0;
  const activation = (['none', 'relu', 'tanh'] as const)[(o + 2 * i + b) % 3] ?? 'none';
  return { shapes: [[i, b], [o, i], [o, i], ...(bias ? [[o]] : [])], bits: [2], attributes: { activation, bias } };
}
