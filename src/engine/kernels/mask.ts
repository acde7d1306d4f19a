import { grid1d, kernel, reads, writes } from '../gpu/kernel.ts';
import { expectLengths } from './lengths.ts';

/** Where the counts of mask updates begin in the status buffer, and words a layer; see lib/status.wgsl. */
export const STATUS_COUNTS = 64;
/** Words of counts a layer: active, dropped, grown, regrown, ever active, three unused. */
export const COUNT_WORDS = 8;

/** Words of the status buffer of a network with `layers` maskable layers that keeps the counts of `ringRows` updates. */
export const statusWords = (ringRows: number, layers: number): number => STATUS_COUNTS + ringRows * layers * COUNT_WORDS;

/** Closes a mask update: new mask, history bits, counts; weights and slots outside the mask or new to it are 0. */
export const maskCommit = kernel({
  name: 'mask_commit',
  bindings: [reads('keys', 'u32'), reads('cuts', 'u32'), reads('blocks', 'u32'), writes('masks', 'bits'), writes('weights'), writes('slots'), writes('status', 'u32')],
  params: { words: 'u32', layers: 'u32', has_grow: 'u32', global: 'u32', keep_value: 'u32', keep_inactive: 'u32', slots: 'u32', slot_stride: 'u32', ring_rows: 'u32', update_knob: 'u32' },
  check: (p, n) => expectLengths('mask_commit', n, {
    keys: 32 * p.words, masks: 4 * 32 * p.words, weights: 32 * p.words, slots: p.slots * p.slot_stride, status: statusWords(p.ring_rows, p.layers),
  }),
  work: () => ({ flops: 0 }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.words) }],
});

/** Weights and slots outside the mask become 0. */
export const clearMasked = kernel({
  name: 'clear_masked',
  bindings: [reads('mask', 'bits'), writes('weights'), writes('slots')],
  params: { words: 'u32', slots: 'u32', slot_stride: 'u32' },
  check: (p, n) => expectLengths('clear_masked', n, { mask: 32 * p.words, weights: 32 * p.words, slots: p.slots * p.slot_stride }),
  work: () => ({ flops: 0 }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.words) }],
});

/** gradients += a knob's pull times the weight, where the mask has no bit. */
export const pullOutside = kernel({
  name: 'pull_outside',
  bindings: [reads('weights'), reads('mask', 'bits'), writes('gradients')],
  params: { n: 'u32', pull_knob: 'u32' },
  check(p, n) {
    expectLengths('pull_outside', n, { weights: p.n, mask: p.n, gradients: p.n });
    if (p.n % 32 !== 0) throw new Error(`Kernel pull_outside: ${p.n} elements are no whole words of a mask.`);
  },
  work: (p) => ({ flops: 2 * p.n }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.n / 32) }],
});
