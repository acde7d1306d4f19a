import { grid1d, kernel, reads, writes } from '../gpu/kernel.ts';
import { expectLengths } from './lengths.ts';

/** loss (batch) and correct (batch) of logits (classes, batch) against labels (batch). */
export const softmaxCrossEntropy = kernel({
  name: 'softmax_cross_entropy',
  bindings: [reads('logits'), reads('labels', 'u32'), writes('loss'), writes('correct', 'u32')],
  params: { classes: 'u32', batch: 'u32' },
  check: (p, n) => expectLengths('softmax_cross_entropy', n, { logits: p.classes * p.batch, labels: p.batch, loss: p.batch, correct: p.batch }),
  work: (p) => ({ flops: 4 * p.classes * p.batch }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.batch) }],
});

/** dlogits = (softmax - onehot) * d, with d per example or `scale` times a knob for all. */
export const softmaxCrossEntropyGradient = kernel({
  name: 'softmax_cross_entropy_gradient',
  bindings: [reads('logits'), reads('labels', 'u32'), reads('drow'), writes('dlogits')],
  params: { classes: 'u32', batch: 'u32', scale: 'f32', scale_knob: 'u32', per_row: 'u32' },
  check: (p, n) => expectLengths('softmax_cross_entropy_gradient', n, { logits: p.classes * p.batch, labels: p.batch, dlogits: p.classes * p.batch }),
  work: (p) => ({ flops: 6 * p.classes * p.batch }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.batch) }],
});

/** loss (batch) = mean over the features of (y - goal)^2. */
export const squaredError = kernel({
  name: 'squared_error',
  bindings: [reads('y'), reads('goal'), writes('loss')],
  params: { features: 'u32', batch: 'u32' },
  check: (p, n) => expectLengths('squared_error', n, { y: p.features * p.batch, goal: p.features * p.batch, loss: p.batch }),
  work: (p) => ({ flops: 3 * p.features * p.batch }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.batch) }],
});

/** dy = 2 (y - goal) / features * d. */
export const squaredErrorGradient = kernel({
  name: 'squared_error_gradient',
  bindings: [reads('y'), reads('goal'), reads('drow'), writes('dy')],
  params: { features: 'u32', batch: 'u32', scale: 'f32', scale_knob: 'u32', per_row: 'u32' },
  check: (p, n) => expectLengths('squared_error_gradient', n, { y: p.features * p.batch, goal: p.features * p.batch, dy: p.features * p.batch }),
  work: (p) => ({ flops: 4 * p.features * p.batch }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.features * p.batch) }],
});

/** best (batch): class with the largest logit. */
export const argmax = kernel({
  name: 'argmax',
  bindings: [reads('logits'), writes('best', 'u32')],
  params: { classes: 'u32', batch: 'u32' },
  check: (p, n) => expectLengths('argmax', n, { logits: p.classes * p.batch, best: p.batch }),
  work: () => ({ flops: 0 }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.batch) }],
});
