import { ACTIVATION_CODES } from '../kernels/elementwise.ts';
import { linearForward, linearInputGradient, linearWeightGradient, toHalf, weightSlot } from '../kernels/linear.ts';
import { activated, beforeActivation, type FusedActivation, fusedProducer } from './fusedActivation.ts';
import { inMemory, op, type Call } from './op.ts';
import type { Tape } from './tape.ts';
import type { Value } from '../gpu/trace.ts';

const sizes = (call: Call): { out_size: number; in_size: number; batch: number } => {
  const [x, weight] = call.inputs as readonly [Value, Value];
  return { out_size: weight.shape[0] as number, in_size: weight.shape[1] as number, batch: x.shape[1] as number };
};

/** Settings of a linear product; `halves` lets it read weights rounded to 16 bits. Its sums are f32 either way. */
type Linear = { activation: FusedActivation; bias: boolean; halves?: boolean };

/** The weight as the product reads it: itself, or a rounded copy that lives as long as the products of a step need it. */
function stored(tape: Tape, weight: Value, { halves }: Linear): Value {
  if (!halves) return weight;
  const y = tape.transient(`${weight.name} in 16 bits`, weight.shape, 'f16');
  tape.trace.dispatch(toHalf, { label: `halve ${weight.name}`, params: { n: weight.length }, bind: { x: weight, y } });
  return y;
}

/** What the operation means, in float64. */
function reference([x, w, b]: readonly Float64Array[], shapes: readonly (readonly number[])[], { activation, bias }: Linear): Float64Array {
  const [[, batch], [out, width]] = shapes as [[number, number], [number, number]];
  const y = new Float64Array(out * batch);
  for (let o = 0; o < out; o++) for (let n = 0; n < batch; n++) {
    let sum = bias ? (b as Float64Array)[o] as number : 0;
    for (let i = 0; i < width; i++) sum += ((w as Float64Array)[o * width + i] as number) * ((x as Float64Array)[i * batch + n] as number);
    y[o * batch + n] = activated(activation, sum);
  }
  return y;
}

/**
 * Y (out, batch) = act(W (out, in) X (in, batch) + bias (out)).
 * Inputs: X, W, bias (optional), and a second weight (optional) that the input gradient uses in place of W,
 * for methods whose backward sees other weights than their forward. With `halves` both products read a weight rounded
 * to 16 bits, and its gradient goes to the weight as it is: mixed precision (Micikevicius et al. 2018).
 */
export const linear = op<Linear>({
  name: 'linear',
  infer([x, w]) {
    if (!x || !w || x[0] !== w[1]) throw new Error(`linear: X [${x?.join()}] does not fit W [${w?.join()}].`);
    return { shape: [w[0] as number, x[1] as number], dtype: 'f32' };
  },
  forward(tape, call) {
    const [x, weight, bias] = call.inputs as readonly Value[];
    const read = stored(tape, weight as Value, call.attributes);
    call.saved.weight = read;
    tape.trace.dispatch(linearForward, {
      label: `forward ${(weight as Value).name}`, slots: weightSlot(read),
      params: { ...sizes(call), activation: ACTIVATION_CODES[call.attributes.activation], has_bias: call.attributes.bias ? 1 : 0 },
      bind: { x: x as Value, weight: read, bias: call.attributes.bias ? bias as Value : weight as Value, y: call.output },
    });
  },
  differentiable: true,
  backward(tape, call, arrived, give) {
    const [x, weight, bias] = call.inputs as readonly Value[] as [Value, Value, Value | undefined];
    const dz = beforeActivation(tape, call, tape.materialise(arrived, call.output.shape));
    const has = call.attributes.bias;
    const trained = has && bias !== undefined && tape.needsGradient(bias);
    if (tape.needsGradient(weight) || trained) {
      // One kernel makes both; under a frozen weight its part is dropped.
      const dw = tape.gradientTarget(weight);
      const db = trained ? tape.gradientTarget(bias) : tape.transient('no bias', [1]);
      tape.trace.dispatch(linearWeightGradient, { label: `weight gradient ${weight.name}`, params: { ...sizes(call), has_bias: trained ? 1 : 0 }, bind: { dy: dz, x, dw, db } });
      give(1, inMemory(dw));
      if (trained) give(2, inMemory(db));
    }
    if (tape.needsGradient(x)) {
      const producer = fusedProducer(tape, x);
      const dx = tape.gradientTarget(x);
      const other = call.inputs[has ? 3 : 2];
      const read = other ? stored(tape, other, call.attributes) : call.saved.weight as Value;
      tape.trace.dispatch(linearInputGradient, {
        label: `input gradient ${weight.name}`, slots: weightSlot(read),
        params: { ...sizes(call), activation: producer ? ACTIVATION_CODES[producer.attributes.activation as FusedActivation] : 0 },
        bind: { weight: read, dy: dz, saved: x, dx },
      });
      if (producer) producer.slopeDone = true;
      give(0, inMemory(dx));
    }
  },
  reference,
  cases: [
    { name: 'plain', shapes: [[5, 7], [3, 5]], attributes: { activation: 'none', bias: false } },
    { name: 'bias', shapes: [[16, 17], [7, 16], [7]], attributes: { activation: 'none', bias: true } },
    { name: 'relu', shapes: [[33, 9], [12, 33], [12]], attributes: { activation: 'relu', bias: true } },
    { name: 'tanh', shapes: [[4, 66], [65, 4], [65]], attributes: { activation: 'tanh', bias: true } },
    { name: 'sums of whole turns', shapes: [[48, 48], [32, 48], [32]], attributes: { activation: 'tanh', bias: true } },
    { name: 'whole turns, half a tile', shapes: [[112, 20], [40, 112], [40]], attributes: { activation: 'relu', bias: true } },
    { name: 'one of everything', shapes: [[1, 1], [1, 1], [1]], attributes: { activation: 'none', bias: true } },
  ],
  cover: {
    free: 3,
    at([out, width, batch]) {
      const [o, i, b] = [out, width, batch] as [number, number, number];
      const bias = (o + i + b) % 4 !== 0;
      return { shapes: [[i, b], [o, i], ...(bias ? [[o]] : [])], attributes: { activation: (['none', 'relu', 'tanh'] as const)[(o + 2 * i + b) % 3] ?? 'none', bias } };
    },
  },
  transcendental: ({ activation }) => activation === 'tanh',
  terms: (shapes) => Math.max(shapes[0]?.[0] ?? 1, shapes[0]?.[1] ?? 1, shapes[1]?.[0] ?? 1),
  magnitude(inputs, shapes, { bias, activation }) {
    const terms = reference(inputs.map((x) => x.map(Math.abs)), shapes, { bias, activation: 'none' });
    return activation === 'tanh' ? terms.map((v) => v + 1) : terms;
  },
});
