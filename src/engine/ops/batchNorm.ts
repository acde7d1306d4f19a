import type { Trace, Value } from '../gpu/trace.ts';
import { ACTIVATION_CODES } from '../kernels/elementwise.ts';
import {
  batchNorm as forwardKernel, batchNormGradientRows, batchNormInputGradient, batchNormRows, batchNormRunning, batchNormStats, batchNormWeightGradient,
} from '../kernels/norm.ts';
import { activated, type FusedActivation } from './fusedActivation.ts';
import { inMemory, op, type Call } from './op.ts';
import type { Tape } from './tape.ts';

/** What is added to the variance, and an activation of the result. */
export type BatchNormAttributes = { epsilon: number; activation: FusedActivation };

type Sizes = { channels: number; positions: number; batch: number };

/** Channels are as many as gains; each has an equal share of the rows of X. */
const sizesOf = (x: readonly number[], gain: readonly number[]): Sizes => ({ channels: gain[0] as number, positions: (x[0] as number) / (gain[0] as number), batch: x[1] as number });

/** @throws Error where the rows of X are not equally many a channel. */
function normalisedShape([x, gain]: readonly (readonly number[])[]): readonly number[] {
  const { positions } = sizesOf(x as readonly number[], gain as readonly number[]);
  if (!Number.isInteger(positions) || positions < 1) throw new Error(`batchNorm: X [${x?.join()}] has no whole number of rows for each of ${gain?.join()} channels.`);
  return x as readonly number[];
}

function paramsOf(call: Call & { attributes: BatchNormAttributes }): Sizes & { epsilon: number; activation: number } {
  const [x, gain] = call.inputs as readonly [Value, Value];
  return { ...sizesOf(x.shape, gain.shape), epsilon: call.attributes.epsilon, activation: ACTIVATION_CODES[call.attributes.activation] };
}

function normalise(tape: Tape, call: Call & { attributes: BatchNormAttributes }, stats: Value): void {
  const [x, gain, shift] = call.inputs as readonly [Value, Value, Value];
  tape.trace.dispatch(forwardKernel, { label: 'batch norm', params: paramsOf(call), bind: { x, gain, shift, stats, y: call.output } });
}

/** Mean and variance (divided by the count) of each channel, in float64. */
function statistics(x: Float64Array, { channels, positions, batch }: Sizes): Float64Array {
  const [stats, n] = [new Float64Array(2 * channels), positions * batch];
  for (let c = 0; c < channels; c++) {
    const part = x.subarray(c * n, (c + 1) * n);
    const mean = part.reduce((a, v) => a + v, 0) / n;
    stats[c] = mean;
    stats[channels + c] = part.reduce((a, v) => a + (v - mean) ** 2, 0) / n;
  }
  return stats;
}

/** Each element of X with the gain, shift, mean and deviation of its channel, in float64. */
function eachOf(inputs: readonly Float64Array[], { channels, positions, batch }: Sizes, stats: Float64Array, epsilon: number, one: (v: number, gain: number, shift: number, mean: number, sd: number) => number): Float64Array {
  const [x, gain, shift] = inputs as readonly [Float64Array, Float64Array, Float64Array];
  return x.map((v, i) => {
    const c = Math.floor(i / (positions * batch));
    return one(v, gain[c] as number, shift[c] as number, stats[c] as number, Math.sqrt((stats[channels + c] as number) + epsilon));
  });
}

const normal = (activation: FusedActivation) => (v: number, gain: number, shift: number, mean: number, sd: number): number => activated(activation, (gain * (v - mean)) / sd + shift);
// What cancels in x - mean counts; tanh is measured against 1.
const size = (activation: FusedActivation) => (v: number, gain: number, shift: number, mean: number, sd: number): number =>
  (Math.abs(gain) * (Math.abs(v) + Math.abs(mean))) / sd + Math.abs(shift) + (activation === 'tanh' ? 1 : 0);

/**
 * y = act(gain * (x - mean) / sqrt(variance + epsilon) + shift), mean and variance of each channel over its positions and
 * the batch (Ioffe, Szegedy 2015): batch norm as in training. Inputs x (channels x positions, batch), gain and shift
 * (channels). `traceRunning` keeps what evaluations need.
 */
export const batchNorm = op<BatchNormAttributes>({
  name: 'batchNorm',
  infer: (shapes) => ({ shape: normalisedShape(shapes), dtype: 'f32' }),
  forward(tape, call) {
    const x = call.inputs[0] as Value;
    const { channels, positions, batch } = paramsOf(call);
    const rows = tape.transient('row statistics', [2, channels * positions]);
    const stats = tape.transient('mean and variance', [2, channels]);
    tape.trace.dispatch(batchNormRows, { label: 'batch norm rows', params: { features: channels * positions, batch }, bind: { x, rows } });
    tape.trace.dispatch(batchNormStats, { label: 'batch norm statistics', params: { channels, positions, batch }, bind: { rows, stats } });
    call.saved.stats = stats;
    normalise(tape, call, stats);
  },
  differentiable: true,
  backward(tape, call, arrived, give) {
    const [x, gain, shift] = call.inputs as readonly [Value, Value, Value];
    const params = { ...paramsOf(call), ...(call.slopeDone ? { activation: ACTIVATION_CODES.none } : {}) };
    const { channels, positions } = params;
    const bind = { x, stats: call.saved.stats as Value, y: call.output, dy: tape.materialise(arrived, call.output.shape) };
    const rows = tape.transient('row sums', [2, channels * positions]);
    const sums = tape.transient('channel sums', [2, channels]);
    const [dgain, dshift] = [tape.gradientTarget(gain), tape.gradientTarget(shift)];
    tape.trace.dispatch(batchNormGradientRows, { label: 'batch norm gradient rows', params, bind: { ...bind, rows } });
    tape.trace.dispatch(batchNormWeightGradient, { label: 'batch norm weight gradient', params: { channels, positions }, bind: { rows, sums, dgain, dshift } });
    give(1, inMemory(dgain));
    give(2, inMemory(dshift));
    if (tape.needsGradient(x)) {
      const dx = tape.gradientTarget(x);
      tape.trace.dispatch(batchNormInputGradient, { label: 'batch norm input gradient', params, bind: { ...bind, gain, sums, dx } });
      give(0, inMemory(dx));
    }
  },
  reference([x, gain, shift], shapes, { epsilon, activation }) {
    const sizes = sizesOf(shapes[0] as readonly number[], shapes[1] as readonly number[]);
    return eachOf([x, gain, shift] as Float64Array[], sizes, statistics(x as Float64Array, sizes), epsilon, normal(activation));
  },
  cases: [
    { name: 'one position', shapes: [[17, 5], [17], [17]], attributes: { epsilon: 1e-2, activation: 'none' } },
    { name: 'pictures', shapes: [[3 * 20, 9], [3], [3]], attributes: { epsilon: 1e-2, activation: 'relu' } },
    { name: 'a single number', shapes: [[2, 1], [2], [2]], attributes: { epsilon: 1e-2, activation: 'tanh' } },
    { name: 'many positions', shapes: [[2 * 129, 4], [2], [2]], attributes: { epsilon: 1e-2, activation: 'none' } },
  ],
  cover: {
    free: 2,
    at([channels, batch]) {
      const [c, b] = [1 + (((channels as number) - 1) % 65), batch as number];
      const positions = 1 + ((c + b) % 4);
      return { shapes: [[c * positions, b], [c], [c]], attributes: { epsilon: 1e-2, activation: (['none', 'relu', 'tanh'] as const)[(c + b) % 3] ?? 'none' } };
    },
  },
  transcendental: () => true,
  terms: ([x, gain]) => ((x?.[0] ?? 1) / (gain?.[0] ?? 1)) * (x?.[1] ?? 1),
  magnitude(inputs, shapes, { epsilon, activation }) {
    const sizes = sizesOf(shapes[0] as readonly number[], shapes[1] as readonly number[]);
    return eachOf(inputs, sizes, statistics(inputs[0] as Float64Array, sizes), epsilon, size(activation));
  },
});

/** Batch norm by given statistics, as in evaluations: inputs as of `batchNorm`, and stats (2, channels), mean then variance. */
export const batchNormGiven = op<BatchNormAttributes>({
  name: 'batchNormGiven',
  infer: (shapes) => ({ shape: normalisedShape(shapes), dtype: 'f32' }),
  forward: (tape, call) => normalise(tape, call, call.inputs[3] as Value),
  differentiable: 'it stands in evaluations only, which have no gradient',
  reference([x, gain, shift, stats], shapes, { epsilon, activation }) {
    return eachOf([x, gain, shift] as Float64Array[], sizesOf(shapes[0] as readonly number[], shapes[1] as readonly number[]), stats as Float64Array, epsilon, normal(activation));
  },
  // Statistics are tested as any numbers: with this epsilon a variance below 0 does no harm.
  cases: [{ name: 'pictures', shapes: [[3 * 20, 9], [3], [3], [2, 3]], attributes: { epsilon: 1.25, activation: 'relu' } }],
  cover: {
    free: 2,
    at: ([channels, batch]) => ({ shapes: [[(channels as number) * 3, batch as number], [channels as number], [channels as number], [2, channels as number]], attributes: { epsilon: 1.25, activation: 'none' } }),
  },
  transcendental: () => true,
  terms: () => 4,
  magnitude(inputs, shapes, { epsilon, activation }) {
    return eachOf(inputs, sizesOf(shapes[0] as readonly number[], shapes[1] as readonly number[]), inputs[3] as Float64Array, epsilon, size(activation));
  },
});

/** Share of a batch's statistics in the running ones after its step; PyTorch's default. */
const MOMENTUM = 0.1;

/** Moves running statistics (2, channels) towards those of a call of `batchNorm`; to be traced when the step's flag is known. */
export function traceRunning(trace: Trace, call: Call, running: Value, status: Value): void {
  const { channels, positions, batch } = paramsOf(call as Call & { attributes: BatchNormAttributes });
  trace.dispatch(batchNormRunning, { label: `running ${running.name}`, params: { channels, count: positions * batch, momentum: MOMENTUM }, bind: { stats: call.saved.stats as Value, status, running } });
}
