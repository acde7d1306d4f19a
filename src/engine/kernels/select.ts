import { grid1d, kernel, reads, writes } from '../gpu/kernel.ts';
import { expectLengths } from './lengths.ts';
import { statusWords } from './mask.ts';

/** Words of a cut: key, index, and two for the radix selection's own use. */
export const CUT_WORDS = 4;
/** Lib files that may fill the `score` slot. */
export const SCORES = ['score_magnitude', 'score_gradient', 'score_sensitivity', 'score_curvature', 'score_random'] as const;

/** keys of the active weights; empties the row of counts of this update. */
export const scoreActive = kernel({
  name: 'score_active',
  bindings: [reads('weights'), reads('gradients'), reads('mask', 'bits'), writes('keys', 'u32'), writes('status', 'u32')],
  params: { n: 'u32', all: 'u32', layers: 'u32', ring_rows: 'u32', seed: 'u32', step_knob: 'u32', update_knob: 'u32' },
  slots: { score: SCORES },
  check: (p, n) => expectLengths('score_active', n, { weights: p.n, gradients: p.n, mask: p.n, keys: p.n, status: statusWords(p.ring_rows, p.layers) }),
  work: (p) => ({ flops: p.n }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.n / 32) }],
});

/** keys of the weights that may be grown, and a mark on those that were kept. */
export const scoreInactive = kernel({
  name: 'score_inactive',
  bindings: [reads('weights'), reads('gradients'), reads('keys', 'u32'), reads('cuts', 'u32'), reads('segments', 'u32'), reads('blocks', 'u32'), writes('grow_keys', 'u32')],
  params: { n: 'u32', regrow: 'u32', global: 'u32', seed: 'u32', step_knob: 'u32' },
  slots: { score: SCORES },
  check: (p, n) => expectLengths('score_inactive', n, { weights: p.n, gradients: p.n, keys: p.n, grow_keys: p.n }),
  work: (p) => ({ flops: p.n }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.n / 32) }],
});

/** Exact top-k per segment in one dispatch, quadratic in the segment's length. */
export const selectRank = kernel({
  name: 'select_rank',
  bindings: [reads('keys', 'u32'), reads('segments', 'u32'), reads('blocks', 'u32'), writes('cuts', 'u32')],
  params: { n: 'u32', global: 'u32', k_knob: 'u32' },
  check: (p, n) => expectLengths('select_rank', n, { keys: p.n }),
  work: (p) => ({ flops: p.n }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.n) }],
});

/** Prepares a radix selection. */
export const selectBegin = kernel({
  name: 'select_begin',
  bindings: [writes('cuts', 'u32'), writes('histogram', 'u32')],
  params: { segments: 'u32', k_knob: 'u32' },
  check: (p, n) => expectLengths('select_begin', n, { cuts: p.segments * CUT_WORDS, histogram: p.segments * 256 }),
  work: () => ({ flops: 0 }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.segments * 256) }],
});

/** Per layer: how many weights a common threshold left, how many of these are exchanged; begins the radix selections of both moves. */
export const exchangeBegin = kernel({
  name: 'exchange_begin',
  bindings: [
    reads('keys', 'u32'), reads('cuts', 'u32'), reads('segments', 'u32'),
    writes('keep_cuts', 'u32'), writes('grow_cuts', 'u32'), writes('keep_histogram', 'u32'), writes('grow_histogram', 'u32'),
  ],
  params: { layers: 'u32', regrow: 'u32', rounding: 'u32', share_knob: 'u32' },
  check: (p, n) => expectLengths('exchange_begin', n, {
    cuts: CUT_WORDS, segments: 2 * p.layers, keep_cuts: p.layers * CUT_WORDS, grow_cuts: p.layers * CUT_WORDS, keep_histogram: p.layers * 256, grow_histogram: p.layers * 256,
  }),
  work: (p) => ({ flops: p.layers }),
  variants: [{ name: 'base', grid: (p) => [p.layers, 1, 1] }],
});

/** Words of a layer's mean: bits, exponent, candidates that were active. */
export const MEAN_WORDS = 3;

/** Mean size of the average gradient over a layer's active weights, (3) words of `means`. One dispatch a layer. */
export const layerAverage = kernel({
  name: 'layer_average',
  bindings: [reads('average'), reads('mask', 'bits'), reads('keys', 'u32'), reads('segments', 'u32'), writes('means', 'u32')],
  params: { layer: 'u32', first: 'u32', length: 'u32', candidates: 'u32' },
  work: (p) => ({ flops: p.length }),
  variants: [{ name: 'base', grid: () => [1, 1, 1] }],
});

/** Shares what is grown among layers by their means; changes the cuts to grow of `exchangeBegin`. */
export const redistributeGrowth = kernel({
  name: 'redistribute',
  bindings: [reads('segments', 'u32'), reads('keep_cuts', 'u32'), writes('means', 'u32'), writes('grow_cuts', 'u32')],
  params: { layers: 'u32', regrow: 'u32', grow_knob: 'u32' },
  check: (p, n) => expectLengths('redistribute', n, { segments: 2 * p.layers, means: p.layers * MEAN_WORDS, keep_cuts: p.layers * CUT_WORDS, grow_cuts: p.layers * CUT_WORDS }),
  work: (p) => ({ flops: p.layers }),
  variants: [{ name: 'base', grid: () => [1, 1, 1] }],
});

/** Counts one digit of the candidates that are still on the path. */
export const selectCount = kernel({
  name: 'select_count',
  bindings: [reads('keys', 'u32'), reads('blocks', 'u32'), reads('cuts', 'u32'), writes('histogram', 'u32')],
  params: { n: 'u32', digit: 'u32', global: 'u32' },
  check: (p, n) => expectLengths('select_count', n, { keys: p.n }),
  work: (p) => ({ flops: p.n }),
  variants: [
    { name: 'base', grid: (p) => grid1d(p.n / 64) },
    { name: 'workgroup', file: 'select_count_workgroup', grid: (p) => grid1d(p.n, 1024) },
  ],
});

/** Picks the digit in which the k-th candidate lies. */
export const selectPick = kernel({
  name: 'select_pick',
  bindings: [writes('cuts', 'u32'), writes('histogram', 'u32')],
  params: { segments: 'u32', digit: 'u32' },
  check: (p, n) => expectLengths('select_pick', n, { cuts: p.segments * CUT_WORDS, histogram: p.segments * 256 }),
  work: () => ({ flops: 0 }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.segments) }],
});
