import { grid1d, kernel, reads, writes } from '../gpu/kernel.ts';
import { expectLengths } from './lengths.ts';
import { statusWords } from './mask.ts';
import { CUT_WORDS, SCORES } from './select.ts';

/** Words of the group table a layer; see lib/groups.wgsl. */
export const GROUP_WORDS = 12;
/** How the scores of its weights become that of a group: the first's stands for all where scores are random; a mean may be of numbers with a sign. */
export const REDUCE_CODES = { first: 0, max: 1, mean: 2, signedMean: 3 } as const;

/** keys of the active groups; empties the row of counts of this update. */
export const groupActive = kernel({
  name: 'group_active',
  bindings: [
    reads('weights'), reads('gradients'), reads('mask', 'bits'), reads('blocks', 'u32'), reads('group_table', 'u32'),
    writes('keys', 'u32'), writes('status', 'u32'),
  ],
  params: { n: 'u32', all: 'u32', layers: 'u32', ring_rows: 'u32', seed: 'u32', step_knob: 'u32', update_knob: 'u32', reduce: 'u32' },
  slots: { score: SCORES },
  check: (p, n) => expectLengths('group_active', n, { blocks: p.n / 64, group_table: p.layers * GROUP_WORDS, keys: p.n, status: statusWords(p.ring_rows, p.layers) }),
  work: (p) => ({ flops: p.n }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.n) }],
});

/** keys of the groups that may be grown, and a mark on those that were kept. */
export const groupInactive = kernel({
  name: 'group_inactive',
  bindings: [
    reads('weights'), reads('gradients'), reads('keys', 'u32'), reads('cuts', 'u32'), reads('blocks', 'u32'), reads('group_table', 'u32'),
    writes('grow_keys', 'u32'),
  ],
  params: { n: 'u32', regrow: 'u32', global: 'u32', seed: 'u32', step_knob: 'u32', reduce: 'u32' },
  slots: { score: SCORES },
  check: (p, n) => expectLengths('group_inactive', n, { keys: p.n, blocks: p.n / 64, grow_keys: p.n }),
  work: (p) => ({ flops: p.n }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.n) }],
});

/** Keys and cuts of weights from those of their groups. */
export const groupSpread = kernel({
  name: 'group_spread',
  bindings: [
    reads('keys', 'u32'), reads('cuts', 'u32'), reads('blocks', 'u32'), reads('group_table', 'u32'),
    writes('weight_keys', 'u32'), writes('weight_cuts', 'u32'),
  ],
  params: { words: 'u32', segments: 'u32', global: 'u32' },
  check: (p, n) => expectLengths('group_spread', n, { weight_keys: 32 * p.words, cuts: p.segments * CUT_WORDS, weight_cuts: p.segments * CUT_WORDS }),
  work: () => ({ flops: 0 }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.words) }],
});
