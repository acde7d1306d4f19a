import { grid1d, kernel, reads, writes } from '../gpu/kernel.ts';
import { spanGrid, expectLengths } from './lengths.ts';

/** y = gain * (x - mean) * rstd + shift over the features of each example; stats (2, batch) keeps mean and rstd. */
export const layerNorm = kernel({
  name: 'layer_norm',
  bindings: [reads('x'), reads('gain'), reads('shift'), writes('y'), writes('stats')],
  params: { features: 'u32', batch: 'u32', epsilon: 'f32' },
  check: (p, n) => expectLengths('layer_norm', n, { x: p.features * p.batch, gain: p.features, shift: p.features, y: p.features * p.batch, stats: 2 * p.batch }),
  work: (p) => ({ flops: 8 * p.features * p.batch }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.batch) }],
});

/** dx of layerNorm. */
export const layerNormInputGradient = kernel({
  name: 'layer_norm_input_gradient',
  bindings: [reads('x'), reads('gain'), reads('stats'), reads('dy'), writes('dx')],
  params: { features: 'u32', batch: 'u32' },
  check: (p, n) => expectLengths('layer_norm_input_gradient', n, { x: p.features * p.batch, dy: p.features * p.batch, dx: p.features * p.batch }),
  work: (p) => ({ flops: 12 * p.features * p.batch }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.batch) }],
});

/** dgain and dshift of layerNorm. */
export const layerNormWeightGradient = kernel({
  name: 'layer_norm_weight_gradient',
  bindings: [reads('x'), reads('stats'), reads('dy'), writes('dgain'), writes('dshift')],
  params: { features: 'u32', batch: 'u32' },
  check: (p, n) => expectLengths('layer_norm_weight_gradient', n, { x: p.features * p.batch, dy: p.features * p.batch, dgain: p.features, dshift: p.features }),
  work: (p) => ({ flops: 5 * p.features * p.batch }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.features) }],
});

/** y = gain * x / rms(x) over the features of each example; scales (batch) keeps the inverse of the root. */
export const rmsNorm = kernel({
  name: 'rms_norm',
  bindings: [reads('x'), reads('gain'), writes('y'), writes('scales')],
  params: { features: 'u32', batch: 'u32', epsilon: 'f32' },
  check: (p, n) => expectLengths('rms_norm', n, { x: p.features * p.batch, gain: p.features, y: p.features * p.batch, scales: p.batch }),
  work: (p) => ({ flops: 4 * p.features * p.batch }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.batch) }],
});

/** dx of rmsNorm. */
export const rmsNormInputGradient = kernel({
  name: 'rms_norm_input_gradient',
  bindings: [reads('x'), reads('gain'), reads('scales'), reads('dy'), writes('dx')],
  params: { features: 'u32', batch: 'u32' },
  check: (p, n) => expectLengths('rms_norm_input_gradient', n, { x: p.features * p.batch, dy: p.features * p.batch, dx: p.features * p.batch }),
  work: (p) => ({ flops: 9 * p.features * p.batch }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.batch) }],
});

/** dgain of rmsNorm. */
export const rmsNormWeightGradient = kernel({
  name: 'rms_norm_weight_gradient',
  bindings: [reads('x'), reads('scales'), reads('dy'), writes('dgain')],
  params: { features: 'u32', batch: 'u32' },
  check: (p, n) => expectLengths('rms_norm_weight_gradient', n, { x: p.features * p.batch, dy: p.features * p.batch, dgain: p.features }),
  work: (p) => ({ flops: 3 * p.features * p.batch }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.features) }],
});

const CHANNELS = { channels: 'u32', positions: 'u32', batch: 'u32', epsilon: 'f32', activation: 'u32' } as const;

const elements = (p: Readonly<Record<'channels' | 'positions' | 'batch', number>>): number => p.channels * p.positions * p.batch;

/** rows (2, features): mean of each feature over the batch, and its squared deviations from that. */
export const batchNormRows = kernel({
  name: 'batch_norm_rows',
  bindings: [reads('x'), writes('rows')],
  params: { features: 'u32', batch: 'u32' },
  check: (p, n) => expectLengths('batch_norm_rows', n, { x: p.features * p.batch, rows: 2 * p.features }),
  work: (p) => ({ flops: 4 * p.features * p.batch }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.features) }],
});

/** stats (2, channels): mean and variance of each channel over positions and batch. */
export const batchNormStats = kernel({
  name: 'batch_norm_stats',
  bindings: [reads('rows'), writes('stats')],
  params: { channels: 'u32', positions: 'u32', batch: 'u32' },
  check: (p, n) => expectLengths('batch_norm_stats', n, { rows: 2 * p.channels * p.positions, stats: 2 * p.channels }),
  work: (p) => ({ flops: 5 * p.channels * p.positions }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.channels) }],
});

/** y = act(gain * (x - mean) / sqrt(variance + epsilon) + shift), by given statistics a channel. */
export const batchNorm = kernel({
  name: 'batch_norm',
  bindings: [reads('x'), reads('gain'), reads('shift'), reads('stats'), writes('y')],
  params: CHANNELS,
  check: (p, n) => expectLengths('batch_norm', n, { x: elements(p), gain: p.channels, shift: p.channels, stats: 2 * p.channels, y: elements(p) }),
  work: (p) => ({ flops: 4 * elements(p) }),
  variants: [{ name: 'base', grid: (p) => spanGrid(p.channels * p.positions, p.batch) }],
});

/** rows (2, features): sums over the batch of the gradient and of its product with the normalised input. */
export const batchNormGradientRows = kernel({
  name: 'batch_norm_gradient_rows',
  bindings: [reads('x'), reads('stats'), reads('y'), reads('dy'), writes('rows')],
  params: CHANNELS,
  check: (p, n) => expectLengths('batch_norm_gradient_rows', n, { x: elements(p), stats: 2 * p.channels, y: elements(p), dy: elements(p), rows: 2 * p.channels * p.positions }),
  work: (p) => ({ flops: 6 * elements(p) }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.channels * p.positions) }],
});

/** dgain and dshift of batchNorm, and both as `sums` for its input gradient. */
export const batchNormWeightGradient = kernel({
  name: 'batch_norm_weight_gradient',
  bindings: [reads('rows'), writes('sums'), writes('dgain'), writes('dshift')],
  params: { channels: 'u32', positions: 'u32' },
  check: (p, n) => expectLengths('batch_norm_weight_gradient', n, { rows: 2 * p.channels * p.positions, sums: 2 * p.channels, dgain: p.channels, dshift: p.channels }),
  work: (p) => ({ flops: 2 * p.channels * p.positions }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.channels) }],
});

/** dx of batchNorm by the statistics of its own batch. */
export const batchNormInputGradient = kernel({
  name: 'batch_norm_input_gradient',
  bindings: [reads('x'), reads('gain'), reads('stats'), reads('sums'), reads('y'), reads('dy'), writes('dx')],
  params: CHANNELS,
  check: (p, n) => expectLengths('batch_norm_input_gradient', n, { x: elements(p), stats: 2 * p.channels, sums: 2 * p.channels, y: elements(p), dy: elements(p), dx: elements(p) }),
  work: (p) => ({ flops: 9 * elements(p) }),
  variants: [{ name: 'base', grid: (p) => spanGrid(p.channels * p.positions, p.batch) }],
});

/** Moves the running mean and variance of batchNorm a part of the way to those of a batch; not once the divergence flag is up. */
export const batchNormRunning = kernel({
  name: 'batch_norm_running',
  bindings: [reads('stats'), reads('status', 'u32'), writes('running')],
  params: { channels: 'u32', count: 'u32', momentum: 'f32' },
  check: (p, n) => expectLengths('batch_norm_running', n, { stats: 2 * p.channels, running: 2 * p.channels }),
  work: (p) => ({ flops: 6 * p.channels }),
  variants: [{ name: 'base', grid: (p) => grid1d(2 * p.channels) }],
});
