import { grid1d, kernel, reads, writes } from '../gpu/kernel.ts';
import { CUT_WORDS } from './select.ts';

/** Keys that go on are written to every element of a layer, up to its 64-element boundary. */
function check(name: string, p: Readonly<Record<'layer' | 'first' | 'rows' | 'columns', number>>, lengths: Readonly<Record<string, number>>): void {
  const end = p.first + Math.ceil((p.rows * p.columns) / 64) * 64;
  if ((lengths.keys ?? 0) < end || (lengths.chosen ?? 0) < end || (lengths.cuts ?? 0) < (p.layer + 1) * CUT_WORDS) throw new Error(`Kernel ${name}: layer ${p.layer} ends at key ${end}, beyond what is bound.`);
}

/** Keys of a layer that N of M lets stay, group by group along rows or columns. */
export const nmSelect = kernel({
  name: 'nm_select',
  bindings: [reads('keys', 'u32'), writes('chosen', 'u32'), writes('cuts', 'u32')],
  params: { layer: 'u32', first: 'u32', rows: 'u32', columns: 'u32', axis: 'u32', n: 'u32', m: 'u32', n_knob: 'u32', m_knob: 'u32' },
  check: (p, n) => check('nm_select', p, n),
  work: (p) => ({ flops: p.rows * p.columns }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.rows * p.columns) }],
});

/** The same along rows and columns at once. */
export const nmSelectSquares = kernel({
  name: 'nm_select_squares',
  bindings: [reads('keys', 'u32'), writes('chosen', 'u32'), writes('cuts', 'u32')],
  params: { layer: 'u32', first: 'u32', rows: 'u32', columns: 'u32', n: 'u32', m: 'u32' },
  check: (p, n) => check('nm_select_squares', p, n),
  work: (p) => ({ flops: p.rows * p.columns }),
  variants: [{ name: 'base', grid: (p) => grid1d(Math.ceil(p.rows / p.m) * Math.ceil(p.columns / p.m)) }],
});

/** Bits of the weights of a layer that N of M keeps by magnitude, along rows or columns; `share` neighbours across have one pattern, by the sum of theirs. */
export const nmMask = kernel({
  name: 'nm_mask',
  bindings: [reads('weights'), reads('status', 'u32'), writes('bits', 'bits')],
  params: { first: 'u32', rows: 'u32', columns: 'u32', axis: 'u32', n: 'u32', m: 'u32', share: 'u32' },
  check(p, n) {
    if (p.first % 64 !== 0 || p.first + p.rows * p.columns > Math.min(n.weights ?? 0, n.bits ?? 0)) throw new Error(`Kernel nm_mask: a layer of ${p.rows} x ${p.columns} at ${p.first} does not lie in what is bound.`);
  },
  work: (p) => ({ flops: p.rows * p.columns }),
  variants: [
    { name: 'base', grid: (p) => grid1d(Math.ceil((p.rows * p.columns) / 32)) },
    { name: 'tall', file: 'nm_mask_tall', grid: (p) => grid1d((p.columns / 32) * Math.ceil(p.rows / p.m)), eligible: (p) => p.axis === 1 && p.columns % 32 === 0 && 32 % p.share === 0 && p.m <= 32 },
  ],
});
