import { grid1d, kernel, reads, writes } from '../gpu/kernel.ts';
import { expectLengths } from './lengths.ts';

/** Words of the index of a layer (out, in): begins of rows and columns, columns and rows of entries, rows by column; see lib/csr.wgsl. */
export const csrIndexLength = (out: number, width: number): number => out + width + 2 + 3 * out * width;

/** Threads that go through the entries: enough for one in eight weights at four entries each, the rest is their second round. */
export const csrWalkers = (out: number, width: number): number => 64 * Math.max(1, Math.ceil((out * width) / 32 / 64));

const LINES = { out_size: 'u32', in_size: 'u32', first: 'u32' } as const;

/** Active weights of each row and column of a layer, whose mask begins at bit `first`. */
export const csrCount = kernel({
  name: 'csr_count',
  bindings: [reads('mask', 'bits'), writes('index', 'u32')],
  params: LINES,
  check: (p, n) => expectLengths('csr_count', n, { index: csrIndexLength(p.out_size, p.in_size) }),
  work: () => ({ flops: 0 }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.out_size + p.in_size) }],
});

/** Turns counts into where each line begins. */
export const csrScan = kernel({
  name: 'csr_scan',
  bindings: [writes('index', 'u32')],
  params: { out_size: 'u32', in_size: 'u32' },
  check: (p, n) => expectLengths('csr_scan', n, { index: csrIndexLength(p.out_size, p.in_size) }),
  work: () => ({ flops: 0 }),
  variants: [{ name: 'base', grid: () => [1, 1, 1] }],
});

/** Writes the entries of all lines. */
export const csrFill = kernel({
  name: 'csr_fill',
  bindings: [reads('mask', 'bits'), writes('index', 'u32')],
  params: LINES,
  check: (p, n) => expectLengths('csr_fill', n, { index: csrIndexLength(p.out_size, p.in_size) }),
  work: () => ({ flops: 0 }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.out_size + p.in_size) }],
});

// The number of active weights is known on the device only, so `work` counts all of them; a dispatch may say what it expects.

/** Y (out, batch) = act(W X + bias) over the active weights. */
export const csrForward = kernel({
  name: 'csr_forward',
  bindings: [reads('weight'), reads('index', 'u32'), reads('x'), reads('bias'), writes('y')],
  params: { out_size: 'u32', in_size: 'u32', batch: 'u32', activation: 'u32', has_bias: 'u32' },
  check: (p, n) => expectLengths('csr_forward', n, { weight: p.out_size * p.in_size, index: csrIndexLength(p.out_size, p.in_size), x: p.in_size * p.batch, y: p.out_size * p.batch }),
  work: (p) => ({ flops: 2 * p.out_size * p.in_size * p.batch }),
  variants: [
    { name: 'base', grid: (p) => grid1d(p.out_size * Math.ceil(p.batch / 16)) },
    { name: 'wide', file: 'csr_forward_wide', grid: (p) => grid1d(p.out_size * Math.ceil(p.batch / 16)), eligible: (p) => p.batch % 4 === 0 },
  ],
});

/** dX (in, batch) = (W^T dY) * slope of the layer that made X, over the active weights. */
export const csrInputGradient = kernel({
  name: 'csr_input_gradient',
  bindings: [reads('weight'), reads('index', 'u32'), reads('dy'), reads('saved'), writes('dx')],
  params: { out_size: 'u32', in_size: 'u32', batch: 'u32', activation: 'u32' },
  check: (p, n) => expectLengths('csr_input_gradient', n, { weight: p.out_size * p.in_size, index: csrIndexLength(p.out_size, p.in_size), dy: p.out_size * p.batch, dx: p.in_size * p.batch }),
  work: (p) => ({ flops: 2 * p.out_size * p.in_size * p.batch }),
  variants: [
    { name: 'base', grid: (p) => grid1d(p.in_size * Math.ceil(p.batch / 16)) },
    { name: 'wide', file: 'csr_input_gradient_wide', grid: (p) => grid1d(p.in_size * Math.ceil(p.batch / 16)), eligible: (p) => p.batch % 4 === 0 },
  ],
});

/** dW at the active weights, and db (out). */
export const csrWeightGradient = kernel({
  name: 'csr_weight_gradient',
  bindings: [reads('index', 'u32'), reads('dy'), reads('x'), writes('dw'), writes('db')],
  params: { out_size: 'u32', in_size: 'u32', batch: 'u32', has_bias: 'u32', walkers: 'u32' },
  check: (p, n) => expectLengths('csr_weight_gradient', n, { index: csrIndexLength(p.out_size, p.in_size), dy: p.out_size * p.batch, x: p.in_size * p.batch, dw: p.out_size * p.in_size }),
  work: (p) => ({ flops: 2 * p.out_size * p.in_size * p.batch }),
  variants: [
    { name: 'base', grid: (p) => grid1d(p.walkers + p.has_bias * p.out_size) },
    { name: 'wide', file: 'csr_weight_gradient_wide', grid: (p) => grid1d(p.walkers + p.has_bias * p.out_size), eligible: (p) => p.batch % 4 === 0 },
  ],
});
