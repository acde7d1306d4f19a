import { grid1d, kernel, reads, writes } from '../gpu/kernel.ts';
import { expectLengths } from './lengths.ts';

/** indices (batch) of the examples of a batch, from the sampler's code and the epoch and position knobs. */
export const sampleBatch = kernel({
  name: 'sample_batch',
  bindings: [writes('indices', 'u32')],
  params: { batch: 'u32', size: 'u32', sampler: 'u32', seed: 'u32', epoch_knob: 'u32', position_knob: 'u32' },
  check: (p, n) => expectLengths('sample_batch', n, { indices: p.batch }),
  work: () => ({ flops: 0 }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.batch) }],
});

/** x (features, batch) and labels (batch) from packed bytes; x = byte * scale + shift. */
export const gatherBytes = kernel({
  name: 'gather_bytes',
  bindings: [reads('examples', 'u32'), reads('classes', 'u32'), reads('indices', 'u32'), writes('x'), writes('labels', 'u32')],
  params: { features: 'u32', batch: 'u32', scale: 'f32', shift: 'f32' },
  check: (p, n) => expectLengths('gather_bytes', n, { indices: p.batch, x: p.features * p.batch, labels: p.batch }),
  work: (p) => ({ flops: 2 * p.features * p.batch }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.features * p.batch) }],
});

/** ids and labels (batch x context) of windows of a text: codes, and the code behind each. */
export const gatherText = kernel({
  name: 'gather_text',
  bindings: [reads('codes', 'u32'), reads('indices', 'u32'), writes('ids', 'u32'), writes('labels', 'u32')],
  params: { batch: 'u32', context: 'u32', stride: 'u32' },
  check: (p, n) => expectLengths('gather_text', n, { indices: p.batch, ids: p.batch * p.context, labels: p.batch * p.context }),
  work: () => ({ flops: 0 }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.batch * p.context) }],
});

/** ids[place + 1], drawn from logits (vocabulary, context) of a place that a knob tells. */
export const sampleToken = kernel({
  name: 'sample_token',
  bindings: [reads('logits'), writes('ids', 'u32')],
  params: { vocabulary: 'u32', context: 'u32', seed: 'u32', place_knob: 'u32', draw_knob: 'u32', temperature_knob: 'u32' },
  check: (p, n) => expectLengths('sample_token', n, { logits: p.vocabulary * p.context, ids: p.context }),
  work: (p) => ({ flops: 4 * p.vocabulary }),
  variants: [{ name: 'base', grid: () => [1, 1, 1] }],
});

/** x (features, batch) and labels (batch) from f32 examples. */
export const gatherFloats = kernel({
  name: 'gather_floats',
  bindings: [reads('examples'), reads('classes', 'u32'), reads('indices', 'u32'), writes('x'), writes('labels', 'u32')],
  params: { features: 'u32', batch: 'u32' },
  check: (p, n) => expectLengths('gather_floats', n, { indices: p.batch, x: p.features * p.batch, labels: p.batch }),
  work: () => ({ flops: 0 }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.features * p.batch) }],
});
