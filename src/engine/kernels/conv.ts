import { grid1d, kernel, type Grid, reads, writes } from '../gpu/kernel.ts';
import { expectLengths } from './lengths.ts';
import { LANES, ROWS } from './shuffle.ts';

/*
 * Convolutions as implicit products: a tap of the kernel is read where it lies in X, nothing is unfolded in memory.
 * X is (channels, height, width, batch), Y (out, rows, columns, batch), W (out, channels, kernel), all row-major.
 * As with linear.ts the first variant is register-tiled and takes every shape; the plain one is the definition.
 */

const WINDOW = {
  out_channels: 'u32', channels: 'u32', height: 'u32', width: 'u32', out_height: 'u32', out_width: 'u32',
  kernel_height: 'u32', kernel_width: 'u32', stride: 'u32', padding: 'u32', batch: 'u32',
} as const;

/** Sizes of a convolution, as its three kernels take them. */
export type Window = Readonly<Record<keyof typeof WINDOW, number>>;

const taps = (p: Window): number => p.channels * p.kernel_height * p.kernel_width;
const positions = (p: Window): number => p.out_height * p.out_width;
const lengths = (p: Window): { weight: number; x: number; y: number } =>
  ({ weight: p.out_channels * taps(p), x: p.channels * p.height * p.width * p.batch, y: p.out_channels * positions(p) * p.batch });
/** Taps outside the picture are counted as if they were computed: the difference is a few percent. */
const work = (p: Window): { flops: number } => ({ flops: 2 * p.out_channels * taps(p) * positions(p) * p.batch });

/** A thread computes `height` of `rows` for 8 examples, at each of `places`. */
const tileGrid = (rows: number, places: number, batch: number, height: 8 | 16): Grid => grid1d(Math.ceil(rows / height) * places * Math.ceil(batch / 8));

/** Subgroup variants: a workgroup computes ROWS of `rows(p)` at one of `places(p)` for 128 examples, or 256. */
function shuffles<P extends Window>(file: string, rows: (p: P) => number, places: (p: P) => number) {
  return LANES.map((lanes) => {
    const THREADS = Math.max(32, lanes);
    return {
      name: `shuffle${lanes}`, file, lanes, consts: { LANES: lanes, ROWS, THREADS }, eligible: (p: P) => p.batch % 4 === 0,
      grid: (p: P) => grid1d(Math.ceil(rows(p) / ROWS) * places(p) * Math.ceil(p.batch / 4 / THREADS), 1),
    };
  });
}

/** Elements of the partial sums of a weight gradient, if the weight is smaller than that, and most chunks of one sum. */
const PART_ELEMENTS = 1 << 18;
const MOST_CHUNKS = 256;

/** Positions that one partial sum of the weight gradient goes over; fixed by the shape, so that the order of sums is. */
export function positionChunk(p: Window & { has_bias: number }): number {
  const chunks = Math.min(MOST_CHUNKS, Math.max(1, Math.floor(PART_ELEMENTS / (p.out_channels * (taps(p) + p.has_bias)))));
  return Math.max(1, Math.ceil(positions(p) / chunks));
}

/** Y = act(W * X + bias). */
export const convForward = kernel({
  name: 'conv_forward',
  bindings: [reads('weight'), reads('x'), reads('bias'), writes('y')],
  params: { ...WINDOW, activation: 'u32', has_bias: 'u32' },
  check: (p, n) => expectLengths('conv_forward', n, lengths(p)),
  work,
  variants: [
    { name: 'tiled', file: 'conv_forward_tiled', grid: (p) => tileGrid(p.out_channels, positions(p), p.batch, 8) },
    { name: 'tall', file: 'conv_forward_tall', grid: (p) => tileGrid(p.out_channels, positions(p), p.batch, 16), eligible: (p) => p.batch % 4 === 0 },
    ...shuffles('conv_forward_shuffle', (p) => p.out_channels, positions),
    { name: 'plain', grid: (p) => grid1d(lengths(p).y) },
  ],
});

/** dX = (W^T * dY) * slope of the layer that made X, from its output `saved`. */
export const convInputGradient = kernel({
  name: 'conv_input_gradient',
  bindings: [reads('weight'), reads('dy'), reads('saved'), writes('dx')],
  params: { ...WINDOW, activation: 'u32' },
  check: (p, n) => expectLengths('conv_input_gradient', n, { weight: lengths(p).weight, dy: lengths(p).y, dx: lengths(p).x }),
  work,
  variants: [
    { name: 'tiled', file: 'conv_input_gradient_tiled', grid: (p) => tileGrid(p.channels, p.height * p.width, p.batch, 8) },
    { name: 'tall', file: 'conv_input_gradient_tall', grid: (p) => tileGrid(p.channels, p.height * p.width, p.batch, 16), eligible: (p) => p.batch % 4 === 0 },
    ...shuffles('conv_input_gradient_shuffle', (p) => p.channels, (p) => p.height * p.width),
    { name: 'plain', grid: (p) => grid1d(lengths(p).x) },
  ],
});

const chunksOf = (p: Window & { chunk: number }): number => Math.ceil(positions(p) / p.chunk);

/** parts (chunks, out, taps + bias): sums over `chunk` positions and the batch, of dW and in a last column of db. */
export const convWeightGradient = kernel({
  name: 'conv_weight_gradient',
  bindings: [reads('dy'), reads('x'), writes('parts')],
  params: { ...WINDOW, has_bias: 'u32', chunk: 'u32' },
  check: (p, n) => expectLengths('conv_weight_gradient', n, { dy: lengths(p).y, x: lengths(p).x, parts: chunksOf(p) * p.out_channels * (taps(p) + p.has_bias) }),
  work,
  variants: [
    { name: 'tiled', file: 'conv_weight_gradient_tiled', grid: (p) => grid1d(chunksOf(p) * Math.ceil(p.out_channels / 8) * Math.ceil((taps(p) + p.has_bias) / 8)) },
    { name: 'plain', grid: (p) => grid1d(chunksOf(p) * p.out_channels * (taps(p) + p.has_bias)) },
  ],
});

/** dW and db: the parts of `convWeightGradient` summed, chunks ascending. */
export const convWeightGradientJoin = kernel({
  name: 'conv_weight_gradient_join',
  bindings: [reads('parts'), writes('dw'), writes('db')],
  params: { out_channels: 'u32', taps: 'u32', has_bias: 'u32', chunks: 'u32' },
  check: (p, n) => expectLengths('conv_weight_gradient_join', n, { dw: p.out_channels * p.taps, parts: p.chunks * p.out_channels * (p.taps + p.has_bias) }),
  work: (p) => ({ flops: p.chunks * p.out_channels * (p.taps + p.has_bias) }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.out_channels * (p.taps + p.has_bias)) }],
});
