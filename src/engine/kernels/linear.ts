import { grid2d, kernel, reads, writes } from '../gpu/kernel.ts';
import { expectLengths } from './lengths.ts';

/** Y (out, batch) = act(W (out, in) X (in, batch) + bias (out)). */
export const linearForward = kernel({
  name: 'linear_forward',
  bindings: [reads('weight'), reads('x'), reads('bias'), writes('y')],
  params: { out_size: 'u32', in_size: 'u32', batch: 'u32', activation: 'u32', has_bias: 'u32' },
  check: (p, n) => expectLengths('linear_forward', n, { weight: p.out_size * p.in_size, x: p.in_size * p.batch, y: p.out_size * p.batch }),
  work: (p) => ({ flops: 2 * p.out_size * p.in_size * p.batch }),
  variants: [{ name: 'base', grid: (p) => grid2d(p.batch, p.out_size, 8, 8) }],
});

/** dX (in, batch) = (W^T dY (out, batch)) * slope of the layer that made X, from its output `saved`. */
export const linearInputGradient = kernel({
  name: 'linear_input_gradient',
  bindings: [reads('weight'), reads('dy'), reads('saved'), writes('dx')],
  params: { out_size: 'u32', in_size: 'u32', batch: 'u32', activation: 'u32' },
  check: (p, n) => expectLengths('linear_input_gradient', n, { weight: p.out_size * p.in_size, dy: p.out_size * p.batch, dx: p.in_size * p.batch }),
  work: (p) => ({ flops: 2 * p.out_size * p.in_size * p.batch }),
  variants: [{ name: 'base', grid: (p) => grid2d(p.batch, p.in_size, 8, 8) }],
});

/** dW (out, in) = dY (out, batch) X^T, and db (out) = sum of dY over the batch. */
export const linearWeightGradient = kernel({
  name: 'linear_weight_gradient',
  bindings: [reads('dy'), reads('x'), writes('dw'), writes('db')],
  params: { out_size: 'u32', in_size: 'u32', batch: 'u32', has_bias: 'u32' },
  check: (p, n) => expectLengths('linear_weight_gradient', n, { dw: p.out_size * p.in_size, dy: p.out_size * p.batch, x: p.in_size * p.batch }),
  work: (p) => ({ flops: 2 * p.out_size * p.in_size * p.batch }),
  variants: [{ name: 'base', grid: (p) => grid2d(p.in_size, p.out_size, 8, 8) }],
});
