import { kernel, reads, writes } from '../gpu/kernel.ts';
import { expectLengths } from './lengths.ts';

/** Words of a layer's spread: count, bits of the sum of squared deviations. */
export const SPREAD_WORDS = 2;

/** How far the values of each layer are spread, over those that the mask names; the sum is of deviations times `scale`. */
export const layerVariance = kernel({
  name: 'layer_variance',
  bindings: [reads('values'), reads('mask', 'bits'), reads('segments', 'u32'), writes('spreads', 'u32')],
  params: { layers: 'u32', scale: 'f32' },
  check: (p, n) => expectLengths('layer_variance', n, { segments: 2 * p.layers, spreads: SPREAD_WORDS * p.layers }),
  work: () => ({ flops: 0 }),
  variants: [{ name: 'base', grid: (p) => [p.layers, 1, 1] }],
});

/** a . b, a . a and b . b, of vectors times `scale`, at place `slot` of `products`. */
export const dotProducts = kernel({
  name: 'dot_products',
  bindings: [reads('a'), reads('b'), writes('products')],
  params: { n: 'u32', slot: 'u32', scale: 'f32' },
  check(p, n) {
    expectLengths('dot_products', n, { a: p.n, b: p.n });
    if ((n.products ?? 0) < 3 * p.slot + 3) throw new Error(`dot_products: place ${p.slot} lies beyond the ${n.products ?? 0} products that are bound.`);
  },
  work: (p) => ({ flops: 6 * p.n }),
  variants: [{ name: 'base', grid: () => [1, 1, 1] }],
});
