import type { DType } from '../gpu/kernel.ts';
import type { Knob, KnobLayout } from '../gpu/knobs.ts';
import { sizeOf, type Trace, type Value } from '../gpu/trace.ts';
import { accumulate, add, fill } from '../kernels/elementwise.ts';
import type { Attributes, Call, Gradient, Op } from './op.ts';

/** Knob index that stands for "no knob": the factor is 1. See lib/knob.wgsl. */
export const NO_KNOB = 0xffffffff;

/** One named term of the loss: a scalar value, weighted by a constant and, where given, a live knob. */
export interface LossTerm {
  name: string;
  value: Value;
  weight: number;
  knob?: Knob;
}

/** Records operations on a trace and walks them in reverse for the gradients. */
export interface Tape {
  readonly trace: Trace;
  readonly knobs: KnobLayout;
  /** False while evaluating: dropout passes its input on. */
  readonly training: boolean;
  readonly calls: readonly Call[];
  readonly losses: readonly LossTerm[];
  /** Marks a value as trainable; its gradient is written to `gradient`, a view of the flat gradients. */
  trainable(value: Value, gradient: Value): Value;
  /** Marks a value whose gradient is wanted though it is no parameter. */
  watch(value: Value): Value;
  /** Applies an operation; the output is a new transient, or `into` where given. */
  apply<A extends Attributes>(op: Op<A>, inputs: readonly Value[], attributes: A, into?: Value): Value;
  /** The same value, through which no gradient flows. */
  detach(value: Value): Value;
  /** Adds a term to the loss; may be called anywhere in a model. */
  loss(name: string, value: Value, weight?: number, knob?: Knob): void;
  /** Traces all gradients of the loss terms. Called once. */
  backward(): void;
  /** The gradient of a trainable or watched value, after `backward`; undefined where the loss does not depend on it. */
  gradientOf(value: Value): Value | undefined;
  /** True where a gradient flows into this value. Operations skip work for inputs that need none. */
  needsGradient(value: Value): boolean;
  /** Where an operation writes the gradient of an input: the flat view for a parameter's first use, else a new transient. */
  gradientTarget(value: Value): Value;
  /** A gradient as a value in memory; a uniform one is filled in. */
  materialise(gradient: Gradient, shape: readonly number[]): Value;
  /** The call whose output a value is, if only one later call uses it and nobody watches it. */
  soleProducer(value: Value): Call | undefined;
  transient(name: string, shape: readonly number[], dtype?: DType): Value;
}

/** An empty tape over a trace. */
export function createTape(trace: Trace, knobs: KnobLayout, training: boolean): Tape {
  const calls: Call[] = [];
  const losses: LossTerm[] = [];
  const flows = new Set<number>();
  const flatGradients = new Map<number, Value>();
  const uses = new Map<number, number>();
  const gradients = new Map<number, Gradient>();
  const watched = new Set<number>();

  const needsGradient = (value: Value): boolean => flows.has(value.id) && !isDetached(value);

  const materialise = (gradient: Gradient, shape: readonly number[]): Value => {
    if (gradient.kind === 'value') return gradient.value;
    const value = trace.transient('uniform gradient', 'f32', shape);
    trace.dispatch(fill, { label: 'fill gradient', params: { n: sizeOf(shape), scale: gradient.scale, scale_knob: gradient.knob }, bind: { y: value } });
    return value;
  };

  /** Sums gradients of a value that is used more than once, in order of arrival, by an explicit operation. */
  const arrive = (to: Value, gradient: Gradient): void => {
    const before = gradients.get(to.id);
    const flat = flatGradients.get(to.id);
    if (!before) {
      if (flat && !(gradient.kind === 'value' && sameHome(gradient.value, flat))) {
        put(materialise(gradient, to.shape), flat, 0);
        gradients.set(to.id, { kind: 'value', value: flat });
      } else gradients.set(to.id, gradient);
      return;
    }
    const b = materialise(gradient, to.shape);
    if (flat) return put(b, flat, 1);
    const a = materialise(before, to.shape);
    // Into memory of its own: operations hand gradients on as they are, so that `a` may be another value's gradient too.
    const y = trace.transient(`gradient of ${to.name}`, 'f32', to.shape);
    trace.dispatch(add, { label: `sum gradients of ${to.name}`, params: { n: y.length }, bind: { a, b, y } });
    gradients.set(to.id, { kind: 'value', value: y });
  };
  const put = (x: Value, total: Value, keep: number): void =>
    trace.dispatch(accumulate, { label: `sum gradients of ${total.name}`, params: { n: x.length, keep, scale: 1 }, bind: { x, total } });

  const tape: Tape = {
    trace, knobs, training, calls, losses, needsGradient, materialise,
    trainable(value, gradient) {
      flows.add(value.id);
      flatGradients.set(value.id, gradient);
      return value;
    },
    watch(value) {
      flows.add(value.id);
      watched.add(value.id);
      return value;
    },
    apply(op, inputs, attributes, into) {
      const { shape, dtype } = op.infer(inputs.map((v) => v.shape), attributes);
      const output = into ?? trace.transient(`${op.name} ${calls.length}`, dtype, shape);
      const call: Call = { op: op as unknown as Op, inputs, attributes, output, saved: {}, slopeDone: false };
      inputs.forEach((v) => uses.set(v.id, (uses.get(v.id) ?? 0) + 1));
      op.forward(tape, call as Call & { attributes: typeof attributes });
      if (op.differentiable === true && inputs.some(needsGradient)) flows.add(output.id);
      calls.push(call);
      return output;
    },
    detach: (value) => ({ ...value, detached: true }) as Value,
    loss(name, value, weight = 1, knob) {
      if (value.length !== 1) throw new Error(`Loss term ${name} must be one number, not [${value.shape.join()}].`);
      losses.push({ name, value, weight, ...(knob ? { knob } : {}) });
      uses.set(value.id, (uses.get(value.id) ?? 0) + 1);
    },
    backward() {
      for (const term of losses) {
        if (needsGradient(term.value)) arrive(term.value, { kind: 'uniform', scale: term.weight, knob: term.knob?.index ?? NO_KNOB });
      }
      for (const call of [...calls].reverse()) {
        const arrived = gradients.get(call.output.id);
        if (!arrived || call.op.differentiable !== true || !call.inputs.some(needsGradient)) continue;
        call.op.backward(tape, call, arrived, (index, gradient) => {
          const input = call.inputs[index];
          if (input && needsGradient(input)) arrive(input, gradient);
        });
      }
    },
    gradientOf(value) {
      const gradient = gradients.get(value.id);
      return gradient && materialise(gradient, value.shape);
    },
    gradientTarget(value) {
      const flat = flatGradients.get(value.id);
      if (flat && !gradients.has(value.id)) return flat;
      return trace.transient(`gradient of ${value.name}`, 'f32', value.shape);
    },
    soleProducer(value) {
      if (uses.get(value.id) !== 1 || watched.has(value.id) || isDetached(value)) return undefined;
      return calls.find((call) => call.output.id === value.id);
    },
    transient: (name, shape, dtype = 'f32') => trace.transient(name, dtype, shape),
  };
  return tape;
}

/** The mark lies on the value, not in a table, so that a reshaped copy keeps it. */
const isDetached = (value: Value & { detached?: true }): boolean => value.detached === true;

function sameHome(a: Value, b: Value): boolean {
  return a.id === b.id || (a.home.kind === 'state' && b.home.kind === 'state' && a.home.buffer === b.home.buffer && a.home.offset === b.home.offset);
}
