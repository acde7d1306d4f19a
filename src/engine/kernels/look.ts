import { grid1d, kernel, reads, writes } from '../gpu/kernel.ts';
import { expectLengths } from './lengths.ts';

/* What looks on while masks are updated, and changes nothing of the run. */

/** counts (layer, 1024) += candidates by the bin of their score (see sparsity/scoreBins.ts); keeps the cuts of their selection. */
export const scoreHistogram = kernel({
  name: 'score_histogram',
  bindings: [reads('keys', 'u32'), reads('blocks', 'u32'), reads('cuts', 'u32'), writes('counts', 'u32'), writes('kept_cuts', 'u32')],
  params: { n: 'u32', cut_words: 'u32' },
  check: (p, n) => expectLengths('score_histogram', n, { keys: p.n, cuts: p.cut_words, kept_cuts: p.cut_words }),
  work: () => ({ flops: 0 }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.n / 64) }],
});

/** Which weights a selection took, and all parameters with 0 for those that it did not take. */
export const weightsKept = kernel({
  name: 'weights_kept',
  bindings: [reads('keys', 'u32'), reads('cuts', 'u32'), reads('blocks', 'u32'), reads('weights'), writes('bits', 'bits'), writes('left')],
  params: { words: 'u32', n: 'u32', global: 'u32' },
  check: (p, n) => expectLengths('weights_kept', n, { keys: 32 * p.words, weights: p.n, bits: 32 * p.words, left: p.n }),
  work: () => ({ flops: 0 }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.n / 32) }],
});
