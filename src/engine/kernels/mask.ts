import { grid1d, kernel, reads, writes } from '../gpu/kernel.ts';

/** Where the counts of mask updates begin in the status buffer, and words a layer; see lib/status.wgsl. */
export const STATUS_COUNTS = 64;
/** Words of counts a layer: active, dropped, grown, regrown, ever active, three unused. */
export const COUNT_WORDS = 8;

/** Closes a mask update: new mask, history bits, counts; weights and slots that enter or leave restart at 0. */
export const maskCommit = kernel({
  name: 'mask_commit',
  bindings: [reads('keys', 'u32'), reads('grow_keys', 'u32'), reads('cuts', 'u32'), reads('blocks', 'u32'), writes('masks', 'bits'), writes('weights'), writes('slots'), writes('status', 'u32')],
  params: { words: 'u32', layers: 'u32', has_grow: 'u32', global: 'u32', keep_value: 'u32', slots: 'u32', slot_stride: 'u32', ring_rows: 'u32', update_knob: 'u32' },
  work: () => ({ flops: 0 }),
  variants: [{ name: 'base', grid: (p) => grid1d(Math.max(p.words, p.layers)) }],
});
