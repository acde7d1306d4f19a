import { grid1d, kernel, reads, writes } from '../gpu/kernel.ts';
import { expectLengths } from './lengths.ts';

/** y (features, tokens): pairs of features of each head of `width`, turned by the angles of the token's place. */
export const rotary = kernel({
  name: 'rotary',
  bindings: [reads('x'), reads('table'), writes('y')],
  params: { features: 'u32', width: 'u32', context: 'u32', tokens: 'u32', direction: 'f32' },
  check: (p, n) => expectLengths('rotary', n, { x: p.features * p.tokens, table: p.context * p.width, y: p.features * p.tokens }),
  work: (p) => ({ flops: 3 * p.features * p.tokens }),
  variants: [{ name: 'base', grid: (p) => grid1d((p.features / 2) * p.tokens) }],
});

/** y (width, tokens) = x + row of table (context, width) for the token's place. */
export const addPosition = kernel({
  name: 'add_position',
  bindings: [reads('x'), reads('table'), writes('y')],
  params: { width: 'u32', context: 'u32', tokens: 'u32' },
  check: (p, n) => expectLengths('add_position', n, { x: p.width * p.tokens, table: p.context * p.width, y: p.width * p.tokens }),
  work: (p) => ({ flops: p.width * p.tokens }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.width * p.tokens) }],
});

/** dtable of addPosition. */
export const positionGradient = kernel({
  name: 'position_gradient',
  bindings: [reads('dy'), writes('dtable')],
  params: { width: 'u32', context: 'u32', tokens: 'u32' },
  check: (p, n) => expectLengths('position_gradient', n, { dy: p.width * p.tokens, dtable: p.context * p.width }),
  work: (p) => ({ flops: p.width * p.tokens }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.context * p.width) }],
});
