import { type Binding, grid1d, grid2d, kernel, type Grid, reads, writes } from '../gpu/kernel.ts';
import type { Value } from '../gpu/trace.ts';
import { expectLengths } from './lengths.ts';
import { depthFor, LANES, ROWS } from './shuffle.ts';

/*
 * The first variant of each product is register-tiled and takes every shape: the plain one, a thread an output, is 3 to
 * 10 times slower on every shape measured and stays as the definition that the others are compared with.
 */

type Sizes = Readonly<Record<'out_size' | 'in_size' | 'batch', number>>;

/** Threads a workgroup of a shuffle variant. */
const THREADS = 64;

/** Subgroup variants of one product, one for each size of subgroup; `grid` gets the columns and rows of a workgroup. */
function shuffles<P>(file: string, grid: (params: P, columns: number, rows: number) => Grid, eligible: (params: P, steps: number) => boolean) {
  return LANES.map((lanes) => ({
    name: `shuffle${lanes}`, file, lanes, consts: { LANES: lanes, ROWS, DEPTH: depthFor(lanes) }, eligible: (p: P) => eligible(p, depthFor(lanes)), grid: (p: P) => grid(p, 4 * lanes, (THREADS / lanes) * ROWS),
  }));
}

/** Weights come as they are trained, or rounded to 16 bits. */
const WEIGHT_TYPES = { weight: ['weight_f32', 'weight_f16'] } as const;
const weightRead: Binding = { ...reads('weight'), or: 'f16' };
/** What fills the slot `weight` for weights of this type. */
export const weightSlot = ({ dtype }: Value): { weight: string } => ({ weight: dtype === 'f16' ? 'weight_f16' : 'weight_f32' });

/** Y (out, batch) = act(W (out, in) X (in, batch) + bias (out)). */
export const linearForward = kernel({
  name: 'linear_forward',
  bindings: [weightRead, reads('x'), reads('bias'), writes('y')],
  slots: WEIGHT_TYPES,
  params: { out_size: 'u32', in_size: 'u32', batch: 'u32', activation: 'u32', has_bias: 'u32' },
  check: (p, n) => expectLengths('linear_forward', n, { weight: p.out_size * p.in_size, x: p.in_size * p.batch, y: p.out_size * p.batch }),
  work: (p) => ({ flops: 2 * p.out_size * p.in_size * p.batch }),
  variants: [
    { name: 'tiled', file: 'linear_forward_tiled', grid: (p) => grid2d(p.batch, p.out_size, 64, 64) },
    { name: 'tall', file: 'linear_forward_tall', grid: (p) => grid2d(p.batch, p.out_size, 64, 64), eligible: (p) => p.batch % 4 === 0 },
    ...shuffles<Sizes>('linear_forward_shuffle', (p, columns, rows) => grid2d(p.batch, p.out_size, columns, rows), (p, steps) => p.batch % 4 === 0 && p.in_size % steps === 0),
    { name: 'workgroup', file: 'linear_forward_workgroup', hardware: true, grid: (p) => grid2d(p.batch, p.out_size, 32, 32), eligible: (p) => p.batch % 4 === 0 },
    { name: 'plain', grid: (p) => grid2d(p.batch, p.out_size, 8, 8) },
  ],
});

/** dX (in, batch) = (W^T dY (out, batch)) * slope of the layer that made X, from its output `saved`. */
export const linearInputGradient = kernel({
  name: 'linear_input_gradient',
  bindings: [weightRead, reads('dy'), reads('saved'), writes('dx')],
  slots: WEIGHT_TYPES,
  params: { out_size: 'u32', in_size: 'u32', batch: 'u32', activation: 'u32' },
  check: (p, n) => expectLengths('linear_input_gradient', n, { weight: p.out_size * p.in_size, dy: p.out_size * p.batch, dx: p.in_size * p.batch }),
  work: (p) => ({ flops: 2 * p.out_size * p.in_size * p.batch }),
  variants: [
    { name: 'tiled', file: 'linear_input_gradient_tiled', grid: (p) => grid2d(p.batch, p.in_size, 64, 64) },
    { name: 'tall', file: 'linear_input_gradient_tall', grid: (p) => grid2d(p.batch, p.in_size, 64, 64), eligible: (p) => p.batch % 4 === 0 && p.in_size % 4 === 0 },
    ...shuffles<Sizes>('linear_input_gradient_shuffle', (p, columns, rows) => grid2d(p.batch, p.in_size, columns, rows), (p, steps) => p.batch % 4 === 0 && p.in_size % 4 === 0 && p.out_size % steps === 0),
    { name: 'workgroup', file: 'linear_input_gradient_workgroup', hardware: true, grid: (p) => grid2d(p.batch, p.in_size, 32, 32), eligible: (p) => p.batch % 4 === 0 },
    { name: 'plain', grid: (p) => grid2d(p.batch, p.in_size, 8, 8) },
  ],
});

/** One column of workgroups more than tiles sums the bias gradient. */
const weightGrid = (p: Sizes & { has_bias: number }, columns = 32, rows = 128): Grid =>
  [Math.max(1, Math.ceil(p.in_size / columns)) + p.has_bias, Math.max(1, Math.ceil(p.out_size / rows)), 1];

/** dW (out, in) = dY (out, batch) X^T, and db (out) = sum of dY over the batch. */
export const linearWeightGradient = kernel({
  name: 'linear_weight_gradient',
  bindings: [reads('dy'), reads('x'), writes('dw'), writes('db')],
  params: { out_size: 'u32', in_size: 'u32', batch: 'u32', has_bias: 'u32' },
  check: (p, n) => expectLengths('linear_weight_gradient', n, { dw: p.out_size * p.in_size, dy: p.out_size * p.batch, x: p.in_size * p.batch }),
  work: (p) => ({ flops: 2 * p.out_size * p.in_size * p.batch }),
  variants: [
    { name: 'tiled', file: 'linear_weight_gradient_tiled', grid: (p) => weightGrid(p) },
    { name: 'tall', file: 'linear_weight_gradient_tall', grid: (p) => weightGrid(p), eligible: (p) => p.in_size % 4 === 0 },
    ...shuffles<Sizes & { has_bias: number }>('linear_weight_gradient_shuffle', weightGrid, (p, steps) => p.in_size % 4 === 0 && p.batch % steps === 0),
    { name: 'workgroup', file: 'linear_weight_gradient_workgroup', hardware: true, grid: (p) => weightGrid(p, 32, 32), eligible: (p) => p.in_size % 4 === 0 },
    { name: 'plain', grid: (p) => grid2d(p.in_size, p.out_size, 8, 8) },
  ],
});

/** y = x rounded to 16 bits. */
export const toHalf = kernel({
  name: 'to_half',
  bindings: [reads('x'), writes('y', 'f16')],
  params: { n: 'u32' },
  check: (p, n) => expectLengths('to_half', n, { x: p.n, y: p.n }),
  work: () => ({ flops: 0 }),
  variants: [
    { name: 'base', grid: (p) => grid1d(p.n) },
    { name: 'quads', file: 'to_half_quads', grid: (p) => grid1d(p.n / 4), eligible: (p) => p.n % 4 === 0 },
  ],
});
