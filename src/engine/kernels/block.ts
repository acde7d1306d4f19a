import { type Grid, kernel, reads, writes } from '../gpu/kernel.ts';
import { expectLengths } from './lengths.ts';
import { depthFor, LANES, ROWS } from './shuffle.ts';

type Blocks = Readonly<Record<'out_size' | 'in_size' | 'rows' | 'columns', number>>;
type Sizes = Blocks & Readonly<Record<'batch', number>>;

/** Rows and columns of blocks of a layer. */
const down = (p: Blocks): number => Math.ceil(p.out_size / p.rows);
const across = (p: Blocks): number => Math.ceil(p.in_size / p.columns);

/** Words of the index of a layer (out, in) in blocks of rows by columns; see lib/blocks.wgsl. */
export const blockIndexLength = (p: Blocks): number => down(p) + across(p) + 2 + 2 * down(p) * across(p);

/** Threads that go through the active blocks of a row of tiles: enough for one block in eight at eight columns each, the rest is their second round. */
export const blockWalkers = (p: Blocks): number => 8 * Math.max(1, Math.ceil((across(p) * Math.ceil(p.columns / 4)) / 2 / 8 / 8));

const checked = (name: string, p: Sizes, bound: Readonly<Record<string, number>>, wanted: Readonly<Record<string, number>>): void =>
  expectLengths(name, bound, { index: blockIndexLength(p), ...wanted });

/** Workgroups for all tiles of `most` lines of `size`, in blocks of `side`. */
const tiles = (most: number, side: number, size: number): number => Math.ceil(size / side) * Math.ceil(side / most);

/** Subgroup variants of one product, one for each size of subgroup, a subgroup a workgroup. */
function shuffles<P>(file: string, grid: (params: P, lanes: number) => Grid, eligible: (params: P, steps: number) => boolean) {
  return LANES.map((lanes) => ({
    name: `shuffle${lanes}`, file, lanes, consts: { LANES: lanes, ROWS, DEPTH: depthFor(lanes) }, grid: (p: P) => grid(p, lanes), eligible: (p: P) => eligible(p, depthFor(lanes)),
  }));
}

/** The index of the active blocks of a layer, whose mask begins at bit `first`: a block is active where its first weight is. */
export const blockIndex = kernel({
  name: 'block_index',
  bindings: [reads('mask', 'bits'), writes('index', 'u32')],
  params: { out_size: 'u32', in_size: 'u32', rows: 'u32', columns: 'u32', first: 'u32' },
  check: (p, n) => expectLengths('block_index', n, { index: blockIndexLength(p) }),
  work: () => ({ flops: 0 }),
  variants: [{ name: 'base', grid: () => [1, 1, 1] }],
});

// The number of active blocks is known on the device only, so `work` counts all of them; a listing scales it by the density.

const batchInFours = (p: Sizes): boolean => p.batch % 4 === 0;
const inAndBatchInFours = (p: Sizes): boolean => p.batch % 4 === 0 && p.in_size % 4 === 0;

/** Y (out, batch) = act(W X + bias) over the active blocks. */
export const blockForward = kernel({
  name: 'block_forward',
  bindings: [reads('weight'), reads('index', 'u32'), reads('x'), reads('bias'), writes('y')],
  params: { out_size: 'u32', in_size: 'u32', batch: 'u32', rows: 'u32', columns: 'u32', activation: 'u32', has_bias: 'u32' },
  check: (p, n) => checked('block_forward', p, n, { weight: p.out_size * p.in_size, x: p.in_size * p.batch, y: p.out_size * p.batch }),
  work: (p) => ({ flops: 2 * p.out_size * p.in_size * p.batch }),
  variants: [
    { name: 'tiled', grid: (p) => [Math.ceil(p.batch / 64), Math.ceil(tiles(8, p.rows, p.out_size) / 8), 1] },
    { name: 'tall', file: 'block_forward_tall', grid: (p) => [Math.ceil(p.batch / 64), Math.ceil(tiles(16, p.rows, p.out_size) / 4), 1], eligible: batchInFours },
    ...shuffles<Sizes>('block_forward_shuffle', (p, lanes) => [Math.ceil(p.batch / 4 / lanes), tiles(ROWS, p.rows, p.out_size), 1], (p, steps) => batchInFours(p) && p.in_size % steps === 0 && p.columns % steps === 0),
  ],
});

/** dX (in, batch) = (W^T dY) * slope of the layer that made X, over the active blocks. */
export const blockInputGradient = kernel({
  name: 'block_input_gradient',
  bindings: [reads('weight'), reads('index', 'u32'), reads('dy'), reads('saved'), writes('dx')],
  params: { out_size: 'u32', in_size: 'u32', batch: 'u32', rows: 'u32', columns: 'u32', activation: 'u32' },
  check: (p, n) => checked('block_input_gradient', p, n, { weight: p.out_size * p.in_size, dy: p.out_size * p.batch, dx: p.in_size * p.batch }),
  work: (p) => ({ flops: 2 * p.out_size * p.in_size * p.batch }),
  variants: [
    { name: 'tiled', grid: (p) => [Math.ceil(p.batch / 64), Math.ceil(tiles(8, p.columns, p.in_size) / 8), 1] },
    { name: 'tall', file: 'block_input_gradient_tall', grid: (p) => [Math.ceil(p.batch / 64), Math.ceil(tiles(16, p.columns, p.in_size) / 4), 1], eligible: inAndBatchInFours },
    ...shuffles<Sizes>('block_input_gradient_shuffle', (p, lanes) => [Math.ceil(p.batch / 4 / lanes), tiles(ROWS, p.columns, p.in_size), 1], (p, steps) => inAndBatchInFours(p) && p.out_size % steps === 0 && p.rows % steps === 0),
  ],
});

/** dW in the active blocks, and db (out). */
export const blockWeightGradient = kernel({
  name: 'block_weight_gradient',
  bindings: [reads('index', 'u32'), reads('dy'), reads('x'), writes('dw'), writes('db')],
  params: { out_size: 'u32', in_size: 'u32', batch: 'u32', rows: 'u32', columns: 'u32', has_bias: 'u32', walkers: 'u32' },
  check: (p, n) => checked('block_weight_gradient', p, n, { dy: p.out_size * p.batch, x: p.in_size * p.batch, dw: p.out_size * p.in_size }),
  work: (p) => ({ flops: 2 * p.out_size * p.in_size * p.batch }),
  variants: [
    { name: 'tiled', grid: (p) => [p.walkers / 8 + p.has_bias, Math.ceil(tiles(8, p.rows, p.out_size) / 8), 1] },
    ...shuffles<Sizes & { has_bias: number; walkers: number }>('block_weight_gradient_shuffle',
      (p, lanes) => [Math.max(1, Math.floor((2 * p.walkers) / lanes)) + p.has_bias, tiles(ROWS, p.rows, p.out_size), 1], (p, steps) => p.batch % steps === 0),
  ],
});
