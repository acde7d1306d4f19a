import { grid1d, kernel, reads, writes } from '../gpu/kernel.ts';
import { expectLengths } from './lengths.ts';

/** y (width, tokens): row ids[t] of table (vocabulary, width). */
export const embedding = kernel({
  name: 'embedding',
  bindings: [reads('table'), reads('ids', 'u32'), writes('y')],
  params: { vocabulary: 'u32', width: 'u32', tokens: 'u32' },
  check: (p, n) => expectLengths('embedding', n, { table: p.vocabulary * p.width, ids: p.tokens, y: p.width * p.tokens }),
  work: () => ({ flops: 0 }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.width * p.tokens) }],
});

/** dtable: gradients of the tokens of each row, summed in order of the tokens. */
export const embeddingGradient = kernel({
  name: 'embedding_gradient',
  bindings: [reads('ids', 'u32'), reads('dy'), writes('dtable')],
  params: { vocabulary: 'u32', width: 'u32', tokens: 'u32' },
  check: (p, n) => expectLengths('embedding_gradient', n, { ids: p.tokens, dy: p.width * p.tokens, dtable: p.vocabulary * p.width }),
  work: (p) => ({ flops: p.width * p.tokens }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.vocabulary * p.width) }],
});
