import { convForward, convInputGradient, convWeightGradient, convWeightGradientJoin, positionChunk, type Window } from '../kernels/conv.ts';
import { ACTIVATION_CODES } from '../kernels/elementwise.ts';
import { activated, beforeActivation, type FusedActivation, fusedProducer } from './fusedActivation.ts';
import { inMemory, op, type Call } from './op.ts';
import type { Tape } from './tape.ts';
import type { Value } from '../gpu/trace.ts';

/** Settings of a convolution. Height and width are those of X; the kernel's stand in the shape of the weight. */
export type ConvAttributes = { height: number; width: number; stride: number; padding: number; activation: FusedActivation; bias: boolean };

type Shape = readonly number[];

/** Rows, or columns, of the output. */
const outSize = (size: number, kernel: number, { stride, padding }: ConvAttributes): number => Math.floor((size + 2 * padding - kernel) / stride) + 1;

/** @throws Error where X, W and the attributes do not fit together. */
function windowOf(x: Shape, w: Shape, attributes: ConvAttributes): Window {
  const { height, width, stride, padding } = attributes;
  const [out_channels, channels, kernel_height, kernel_width] = w as readonly [number, number, number, number];
  const [out_height, out_width] = [outSize(height, kernel_height, attributes), outSize(width, kernel_width, attributes)];
  const what = `conv2d: X [${x.join()}] of ${height} x ${width}, W [${w.join()}], stride ${stride}, padding ${padding}`;
  if (w.length !== 4 || x[0] !== channels * height * width) throw new Error(`${what}: X must have in x ${height} x ${width} rows and W be [out, in, height, width].`);
  if (padding >= Math.min(kernel_height, kernel_width)) throw new Error(`${what}: the padding must be smaller than the kernel.`);
  if (!(out_height >= 1 && out_width >= 1 && stride >= 1)) throw new Error(`${what}: the kernel must fit into the picture, and the stride be 1 or more.`);
  return { out_channels, channels, height, width, out_height, out_width, kernel_height, kernel_width, stride, padding, batch: x[1] as number };
}

const windowOfCall = (call: Call & { attributes: ConvAttributes }): Window => windowOf((call.inputs[0] as Value).shape, (call.inputs[1] as Value).shape, call.attributes);

/** What the operation means, in float64. */
function reference([x, w, b]: readonly Float64Array[], [xs, ws]: readonly Shape[], attributes: ConvAttributes): Float64Array {
  const { out_channels, channels, height, width, out_height, out_width, kernel_height, kernel_width, stride, padding, batch } = windowOf(xs as Shape, ws as Shape, attributes);
  const y = new Float64Array(out_channels * out_height * out_width * batch);
  let at = 0;
  for (let o = 0; o < out_channels; o++) for (let row = 0; row < out_height; row++) for (let column = 0; column < out_width; column++) for (let n = 0; n < batch; n++) {
    let sum = attributes.bias ? (b as Float64Array)[o] as number : 0;
    for (let c = 0; c < channels; c++) for (let v = 0; v < kernel_height; v++) for (let u = 0; u < kernel_width; u++) {
      const [down, right] = [row * stride + v - padding, column * stride + u - padding];
      if (down < 0 || down >= height || right < 0 || right >= width) continue;
      sum += ((w as Float64Array)[((o * channels + c) * kernel_height + v) * kernel_width + u] as number) * ((x as Float64Array)[((c * height + down) * width + right) * batch + n] as number);
    }
    y[at++] = activated(attributes.activation, sum);
  }
  return y;
}

/** dW and db, by partial sums and their join. */
function weightGradient(tape: Tape, window: Window, { weight, x, dz, dw, db }: Readonly<Record<'weight' | 'x' | 'dz' | 'dw', Value>> & { db: Value | undefined }): void {
  const taps = window.channels * window.kernel_height * window.kernel_width;
  const params = { ...window, has_bias: db ? 1 : 0 };
  const chunk = positionChunk(params);
  const chunks = Math.ceil((window.out_height * window.out_width) / chunk);
  const parts = tape.transient('parts of a weight gradient', [chunks, window.out_channels, taps + params.has_bias]);
  tape.trace.dispatch(convWeightGradient, { label: `weight gradient ${weight.name}`, params: { ...params, chunk }, bind: { dy: dz, x, parts } });
  tape.trace.dispatch(convWeightGradientJoin, {
    label: `join weight gradient ${weight.name}`, params: { out_channels: window.out_channels, taps, has_bias: params.has_bias, chunks },
    bind: { parts, dw, db: db ?? tape.transient('no bias', [1]) },
  });
}

/**
 * Y (out, rows, columns, batch) = act(W * X + bias): a convolution as networks mean it, without flipping the kernel.
 * Inputs: X (in x height x width, batch), W (out, in, kernel height, kernel width), bias (out, optional), and a second
 * weight (optional) that the input gradient uses in place of W. Y has shape (out x rows x columns, batch).
 */
export const conv2d = op<ConvAttributes>({
  name: 'conv2d',
  infer([x, w], attributes) {
    const { out_channels, out_height, out_width, batch } = windowOf(x ?? [], w ?? [], attributes);
    return { shape: [out_channels * out_height * out_width, batch], dtype: 'f32' };
  },
  forward(tape, call) {
    const [x, weight, bias] = call.inputs as readonly Value[] as [Value, Value, Value | undefined];
    const has = call.attributes.bias;
    tape.trace.dispatch(convForward, {
      label: `forward ${weight.name}`,
      params: { ...windowOfCall(call), activation: ACTIVATION_CODES[call.attributes.activation], has_bias: has ? 1 : 0 },
      bind: { x, weight, bias: has ? bias as Value : weight, y: call.output },
    });
  },
  differentiable: true,
  backward(tape, call, arrived, give) {
    const [x, weight, bias] = call.inputs as readonly Value[] as [Value, Value, Value | undefined];
    const dz = beforeActivation(tape, call, tape.materialise(arrived, call.output.shape));
    const window = windowOfCall(call);
    const has = call.attributes.bias;
    const trained = has && bias !== undefined && tape.needsGradient(bias);
    if (tape.needsGradient(weight) || trained) {
      const dw = tape.gradientTarget(weight);
      const db = trained ? tape.gradientTarget(bias) : undefined;
      weightGradient(tape, window, { weight, x, dz, dw, db });
      give(1, inMemory(dw));
      if (db) give(2, inMemory(db));
    }
    if (tape.needsGradient(x)) {
      const producer = fusedProducer(tape, x);
      const dx = tape.gradientTarget(x);
      tape.trace.dispatch(convInputGradient, {
        label: `input gradient ${weight.name}`,
        params: { ...window, activation: producer ? ACTIVATION_CODES[producer.attributes.activation as FusedActivation] : 0 },
        bind: { weight: call.inputs[has ? 3 : 2] ?? weight, dy: dz, saved: x, dx },
      });
      if (producer) producer.slopeDone = true;
      give(0, inMemory(dx));
    }
  },
  reference,
  cases: [
    { name: 'same', shapes: [[2 * 5 * 4, 7], [3, 2, 3, 3]], attributes: { height: 5, width: 4, stride: 1, padding: 1, activation: 'none', bias: false } },
    { name: 'bias', shapes: [[1 * 6 * 6, 9], [17, 1, 3, 3], [17]], attributes: { height: 6, width: 6, stride: 1, padding: 1, activation: 'none', bias: true } },
    { name: 'many chunks', shapes: [[1 * 23 * 25, 2], [9, 1, 3, 3], [9]], attributes: { height: 23, width: 25, stride: 1, padding: 1, activation: 'none', bias: true } },
    { name: 'relu, stride 2', shapes: [[9 * 6 * 7, 5], [8, 9, 3, 3], [8]], attributes: { height: 6, width: 7, stride: 2, padding: 1, activation: 'relu', bias: true } },
    { name: 'tanh, no padding, a long kernel', shapes: [[2 * 3 * 6, 8], [5, 2, 2, 5], [5]], attributes: { height: 3, width: 6, stride: 1, padding: 0, activation: 'tanh', bias: true } },
    { name: 'stride past the kernel', shapes: [[3 * 7 * 7, 4], [4, 3, 1, 1], [4]], attributes: { height: 7, width: 7, stride: 3, padding: 0, activation: 'none', bias: true } },
    { name: 'one of everything', shapes: [[1, 1], [1, 1, 1, 1], [1]], attributes: { height: 1, width: 1, stride: 1, padding: 0, activation: 'none', bias: true } },
  ],
  cover: {
    free: 3,
    // Channels and batch up to 17, past two tiles; pictures stay small, so that the reference is quick.
    at([a, b, c]) {
      const [out, width, batch] = [a, b, c].map((n) => (((n as number) - 1) % 17) + 1) as [number, number, number];
      const mix = out + 2 * width + 3 * batch;
      const kernel = ([1, 3, 3, 5] as const)[mix % 4] as number;
      const attributes: ConvAttributes = {
        height: 3 + (mix % 3), width: 3 + (out % 4), stride: 1 + (mix % 5 === 0 ? 1 : 0), padding: kernel >> 1,
        activation: (['none', 'relu', 'tanh'] as const)[(out + batch) % 3] ?? 'none', bias: mix % 3 !== 0,
      };
      return { shapes: [[width * attributes.height * attributes.width, batch], [out, width, kernel, kernel], ...(attributes.bias ? [[out]] : [])], attributes };
    },
  },
  transcendental: ({ activation }) => activation === 'tanh',
  // The weight gradient adds up over positions and batch, the input gradient over out and kernel.
  terms: ([x, w]) => Math.max(((x?.[0] ?? 1) / (w?.[1] ?? 1)) * (x?.[1] ?? 1), ((w?.[0] ?? 1) + (w?.[1] ?? 1)) * (w?.[2] ?? 1) * (w?.[3] ?? 1)),
  magnitude(inputs, shapes, attributes) {
    const terms = reference(inputs.map((x) => x.map(Math.abs)), shapes, { ...attributes, activation: 'none' });
    return attributes.activation === 'tanh' ? terms.map((v) => v + 1) : terms;
  },
});
