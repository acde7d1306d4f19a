import { grid1d, type Grid, kernel, reads, writes } from '../gpu/kernel.ts';
import { expectLengths } from './lengths.ts';
import { depthFor, LANES } from './shuffle.ts';

/** A layer (out, in) that keeps some of every m neighbours; `share` rows, a line, have one pattern. */
export type NmLayer = Readonly<Record<'out_size' | 'in_size' | 'm' | 'share', number>>;
type Sizes = NmLayer & Readonly<Record<'batch', number>>;

const LAYER = { out_size: 'u32', in_size: 'u32', m: 'u32', share: 'u32' } as const;

const lines = (p: NmLayer): number => Math.ceil(p.out_size / p.share);

/** Bits of a slot's place within its group. */
const placeBits = (m: number): number => (m <= 4 ? 2 : m <= 16 ? 4 : 8);

/** Words of the index of a layer: n and two that follow from it, slots of the lines with room for all weights, and where `lists` is 1 lines of the columns; see lib/nm.wgsl. */
export const nmIndexLength = (p: NmLayer, lists: number): number => 3 + lines(p) * Math.ceil(p.in_size / (32 / placeBits(p.m))) + lists * p.in_size * (1 + lines(p));

/** Values of a layer, with room for all weights. */
export const nmValuesLength = (p: NmLayer): number => lines(p) * p.share * p.in_size;

/** Threads that go through quads of slots: enough for one in four weights, the rest is their second round. */
export const nmWalkers = (p: NmLayer): number => 64 * Math.max(1, Math.ceil((p.out_size * p.in_size) / 16 / 64));

/** @param lists as the kernel needs them; where it does not read any, the index may have them all the same. */
const checked = (name: string, p: NmLayer, bound: Readonly<Record<string, number>>, wanted: Readonly<Record<string, number>>, lists = bound.index === nmIndexLength(p, 1) ? 1 : 0): void =>
  expectLengths(name, bound, { index: nmIndexLength(p, lists), ...wanted });

/** How far apart rows and columns of a layer lie in a matrix: 1 and `out_size` for what is kept transposed. */
const STRIDES = { down: 'u32', across: 'u32' } as const;

/** The index of a layer, whose mask begins at bit `first`: its slots, and where `lists` is 1 the lines of its columns. */
export const nmIndex = kernel({
  name: 'nm_index',
  bindings: [reads('mask', 'bits'), writes('index', 'u32')],
  params: { ...LAYER, ...STRIDES, lists: 'u32', first: 'u32' },
  check: (p, n) => checked('nm_index', p, n, {}, p.lists),
  work: () => ({ flops: 0 }),
  variants: [{ name: 'base', grid: (p) => grid1d(lines(p) + p.lists * p.in_size) }],
});

/** Threads a line of what makes and reads values. */
const WALKERS = 32;
const walked = { name: 'base', consts: { WALKERS }, grid: (p: NmLayer): Grid => grid1d(lines(p) * WALKERS) };

/** The kept weights of a layer, side by side. */
export const nmCompress = kernel({
  name: 'nm_compress',
  bindings: [reads('weight'), reads('index', 'u32'), writes('values')],
  params: { ...LAYER, ...STRIDES },
  check: (p, n) => checked('nm_compress', p, n, { weight: p.out_size * p.in_size, values: nmValuesLength(p) }),
  work: () => ({ flops: 0 }),
  variants: [walked],
});

/** The weights of a layer from its values, 0 where none is kept. */
export const nmDecompress = kernel({
  name: 'nm_decompress',
  bindings: [reads('values'), reads('index', 'u32'), writes('weight')],
  params: LAYER,
  check: (p, n) => checked('nm_decompress', p, n, { weight: p.out_size * p.in_size, values: nmValuesLength(p) }),
  work: () => ({ flops: 0 }),
  variants: [walked],
});

// How many weights are kept is known on the device only, so `work` counts all of them; a listing scales it by the density.

const flops = (p: Sizes): { flops: number } => ({ flops: 2 * p.out_size * p.in_size * p.batch });
const inFours = (p: Sizes): boolean => p.batch % 4 === 0;
const byRows = (rows: number, p: Sizes) => grid1d(rows * Math.ceil(p.batch / 16));

/** What ends a sum of `nmForward`: bias and activation of an output, or the slope of what made an input. */
export const NM_CLOSE = { output: 'nm_close_output', gradient: 'nm_close_gradient' } as const;

/** Y (out, batch) = W X over the kept weights, closed with `beside`: act(. + bias), or, of a transposed copy, times the slope at `beside` (out, batch). */
export const nmForward = kernel({
  name: 'nm_forward',
  bindings: [reads('values'), reads('index', 'u32'), reads('x'), reads('beside'), writes('y')],
  slots: { close: [NM_CLOSE.output, NM_CLOSE.gradient] },
  params: { out_size: 'u32', in_size: 'u32', batch: 'u32', m: 'u32', share: 'u32', activation: 'u32', has_bias: 'u32' },
  check: (p, n) => checked('nm_forward', p, n, { values: nmValuesLength(p), x: p.in_size * p.batch, y: p.out_size * p.batch }),
  work: flops,
  variants: [
    { name: 'base', grid: (p) => byRows(p.out_size, p) },
    { name: 'wide', file: 'nm_forward_wide', grid: (p) => byRows(p.out_size, p), eligible: inFours },
    { name: 'tall', file: 'nm_forward_tall', grid: (p) => byRows(Math.ceil(p.out_size / 8), p), eligible: (p) => inFours(p) && p.share % 8 === 0 },
    ...[2, 4].flatMap((columns) => LANES.map((lanes) => ({ name: `shuffle${lanes}x${columns}`, file: 'nm_forward_shuffle', lanes, consts: { LANES: lanes, DEPTH: depthFor(lanes), COLUMNS: columns }, grid: (p: Sizes): Grid => [Math.ceil(p.batch / 4 / lanes / columns), Math.ceil(p.out_size / 8), 1], eligible: (p: Sizes) => inFours(p) && p.share % 8 === 0 }))),
  ],
});

/** dX (in, batch) = (W^T dY) * slope of the layer that made X, over the kept weights, by the lines that keep each column. */
export const nmInputGradient = kernel({
  name: 'nm_input_gradient',
  bindings: [reads('weight'), reads('index', 'u32'), reads('dy'), reads('saved'), writes('dx')],
  params: { out_size: 'u32', in_size: 'u32', batch: 'u32', m: 'u32', share: 'u32', activation: 'u32' },
  check: (p, n) => checked('nm_input_gradient', p, n, { weight: p.out_size * p.in_size, dy: p.out_size * p.batch, dx: p.in_size * p.batch }, 1),
  work: flops,
  variants: [
    { name: 'base', grid: (p) => byRows(p.in_size, p) },
    { name: 'wide', file: 'nm_input_gradient_wide', grid: (p) => byRows(p.in_size, p), eligible: inFours },
  ],
});

/** dW at the kept weights, and db (out). */
export const nmWeightGradient = kernel({
  name: 'nm_weight_gradient',
  bindings: [reads('index', 'u32'), reads('dy'), reads('x'), writes('dw'), writes('db')],
  params: { out_size: 'u32', in_size: 'u32', batch: 'u32', m: 'u32', share: 'u32', has_bias: 'u32', walkers: 'u32' },
  check: (p, n) => checked('nm_weight_gradient', p, n, { dy: p.out_size * p.batch, x: p.in_size * p.batch, dw: p.out_size * p.in_size }),
  work: flops,
  variants: [
    { name: 'base', grid: (p) => grid1d(p.walkers + p.has_bias * p.out_size) },
    { name: 'wide', file: 'nm_weight_gradient_wide', grid: (p) => grid1d(p.walkers + p.has_bias * p.out_size), eligible: inFours },
  ],
});
