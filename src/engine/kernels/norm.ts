import { grid1d, kernel, reads, writes } from '../gpu/kernel.ts';
import { expectLengths } from './lengths.ts';

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
