import { grid1d, kernel, reads, writes, type Grid } from '../gpu/kernel.ts';
import { expectLengths } from './lengths.ts';

/** Sizes of attention: heads of `width` features each, and so many sequences of `context` tokens. */
const SIZES = { heads: 'u32', width: 'u32', context: 'u32', sequences: 'u32', causal: 'u32', scale: 'f32' } as const;

type Sizes = Readonly<Record<keyof typeof SIZES, number>>;

const tokens = (p: Sizes): number => p.context * p.sequences;
const features = (p: Sizes): number => p.heads * p.width * tokens(p);

/** Pairs of a query and a key that it sees, over all heads and sequences. */
export const attendedPairs = (p: Pick<Sizes, 'heads' | 'context' | 'sequences' | 'causal'>): number =>
  p.heads * p.sequences * (p.causal ? (p.context * (p.context + 1)) / 2 : p.context * p.context);

/** A thread a token and head, or one for four tokens. */
const one = { name: 'single', grid: (p: Sizes): Grid => grid1d(p.heads * tokens(p)) };
const quads = (file: string) => ({ name: 'quads', file, eligible: (p: Sizes) => p.context % 8 === 0, grid: (p: Sizes): Grid => grid1d((p.heads * tokens(p)) / 4, 32) });

/** y (heads x width, tokens) = softmax(q^T k scale) v, and norms (heads, tokens): log-sum-exp of each query's scores. */
export const attentionForward = kernel({
  name: 'attention_forward',
  bindings: [reads('q'), reads('k'), reads('v'), writes('y'), writes('norms')],
  params: SIZES,
  check: (p, n) => expectLengths('attention_forward', n, { q: features(p), k: features(p), v: features(p), y: features(p), norms: p.heads * tokens(p) }),
  work: (p) => ({ flops: 4 * p.width * attendedPairs(p) }),
  variants: [one, quads('attention_forward_quads')],
});

/** dq of attention, and offsets (heads, tokens): sum of dy * y over the features of a head. */
export const attentionQueryGradient = kernel({
  name: 'attention_query_gradient',
  bindings: [reads('q'), reads('k'), reads('v'), reads('y'), reads('dy'), reads('norms'), writes('offsets'), writes('dq')],
  params: SIZES,
  check: (p, n) => expectLengths('attention_query_gradient', n, { q: features(p), dy: features(p), norms: p.heads * tokens(p), offsets: p.heads * tokens(p), dq: features(p) }),
  work: (p) => ({ flops: 6 * p.width * attendedPairs(p) }),
  variants: [one, quads('attention_query_gradient_quads')],
});

/** dk and dv of attention. */
export const attentionKeyGradient = kernel({
  name: 'attention_key_gradient',
  bindings: [reads('q'), reads('k'), reads('v'), reads('dy'), reads('norms'), reads('offsets'), writes('dk'), writes('dv')],
  params: SIZES,
  check: (p, n) => expectLengths('attention_key_gradient', n, { q: features(p), dy: features(p), norms: p.heads * tokens(p), offsets: p.heads * tokens(p), dk: features(p), dv: features(p) }),
  work: (p) => ({ flops: 8 * p.width * attendedPairs(p) }),
  variants: [one, quads('attention_key_gradient_quads')],
});
