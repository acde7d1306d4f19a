import { grid1d, kernel, reads, writes } from '../gpu/kernel.ts';
import { expectLengths } from './lengths.ts';

/** Words of a row of the metrics ring: step, loss, correct, gradient norm, four loss terms. */
export const RING_WORDS = 8;

/** Squared sums of chunks of the flat gradient, inside the mask; notes non-finite gradients in the status. */
export const gradientStats = kernel({
  name: 'gradient_stats',
  bindings: [reads('gradients'), reads('mask', 'bits'), reads('table', 'u32'), writes('partials'), writes('status', 'u32')],
  params: { n: 'u32', masked: 'u32', chunk: 'u32', step_knob: 'u32' },
  check(p, n) {
    expectLengths('gradient_stats', n, { gradients: p.n, partials: Math.ceil(p.n / p.chunk) });
    if ([p.n, p.masked, p.chunk].some((count) => count % 64 !== 0)) throw new Error(`gradient_stats: ${p.n} gradients, ${p.masked} of them masked, in chunks of ${p.chunk} are not whole blocks of 64.`);
  },
  work: (p) => ({ flops: 2 * p.n }),
  variants: [{ name: 'base', grid: (p) => grid1d(Math.ceil(p.n / p.chunk)) }],
});

/** y = x, moved by `length` along the gradient in its first `moved` elements; the gradient's norm comes from the squared sums. */
export const probe = kernel({
  name: 'probe',
  bindings: [reads('x'), reads('gradients'), reads('partials'), writes('y')],
  params: { n: 'u32', moved: 'u32', partials: 'u32', length: 'f32' },
  check: (p, n) => expectLengths('probe', n, { x: p.n, gradients: p.n, partials: p.partials, y: p.n }),
  work: (p) => ({ flops: 2 * p.n }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.n) }],
});

/** Closes a step: loss, correct answers, gradient norm, clip factor, divergence flag, one row of the ring. */
export const stepSummary = kernel({
  name: 'step_summary',
  bindings: [reads('losses'), reads('correct', 'u32'), reads('partials'), writes('status', 'u32'), writes('ring', 'u32')],
  params: { terms: 'u32', batch: 'u32', partials: 'u32', clip: 'f32', ring_rows: 'u32', step_knob: 'u32', weight_knob: 'u32' },
  check: (p, n) => expectLengths('step_summary', n, { partials: p.partials, ring: p.ring_rows * RING_WORDS }),
  work: (p) => ({ flops: p.partials + p.batch }),
  variants: [{ name: 'base', grid: () => [1, 1, 1] }],
});

/** Closes one batch of an evaluation: loss sum and correct answers of its valid examples. */
export const evaluationSummary = kernel({
  name: 'evaluation_summary',
  bindings: [reads('loss'), reads('correct', 'u32'), writes('evaluations', 'u32')],
  params: { batch: 'u32', ring_rows: 'u32', valid_knob: 'u32', slot_knob: 'u32' },
  check: (p, n) => expectLengths('evaluation_summary', n, { loss: p.batch, correct: p.batch, evaluations: 2 * p.ring_rows }),
  work: (p) => ({ flops: p.batch }),
  variants: [{ name: 'base', grid: () => [1, 1, 1] }],
});
