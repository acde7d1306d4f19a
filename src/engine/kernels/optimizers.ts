import { grid1d, type Kernel, kernel, reads, writes } from '../gpu/kernel.ts';
import { expectLengths } from './lengths.ts';

const STORAGE = [reads('gradients'), reads('mask', 'bits'), reads('table', 'u32'), reads('status', 'u32'), writes('weights'), writes('slots')] as const;

const SGD_PARAMS = { n: 'u32', masked: 'u32', blocks: 'u32', rate_knob: 'u32', momentum: 'f32', nesterov: 'u32', decay: 'f32' } as const;
const ADAM_PARAMS = { n: 'u32', masked: 'u32', blocks: 'u32', rate_knob: 'u32', correction_knob: 'u32', beta1: 'f32', beta2: 'f32', epsilon: 'f32', decay: 'f32', decoupled: 'u32' } as const;

/** SGD with momentum over the flat parameters. */
export const sgd = kernel({
  name: 'sgd',
  bindings: STORAGE,
  params: SGD_PARAMS,
  check: (p, n) => expectLengths('sgd', n, { gradients: p.n, weights: p.n, slots: p.n }),
  work: (p) => ({ flops: 6 * p.n }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.masked / 64 + (p.n - p.masked) / 16) }],
});

/** The same to the bit, faster where masks switch blocks: goes by quads and not by weights. */
export const sgdQuads: Kernel<typeof SGD_PARAMS> = { ...sgd, name: 'sgd_quads', variants: [{ name: 'base', grid: (p) => grid1d(p.n / 64) }] };

/** Adam and AdamW over the flat parameters; slots holds both moments. */
export const adam = kernel({
  name: 'adam',
  bindings: STORAGE,
  params: ADAM_PARAMS,
  check: (p, n) => expectLengths('adam', n, { gradients: p.n, weights: p.n, slots: 2 * p.n }),
  work: (p) => ({ flops: 14 * p.n }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.masked / 64 + (p.n - p.masked) / 16) }],
});

/** The same for masks of blocks. */
export const adamQuads: Kernel<typeof ADAM_PARAMS> = { ...adam, name: 'adam_quads', variants: [{ name: 'base', grid: (p) => grid1d(p.n / 64) }] };

/** Adam and AdamW that move all weights, and pull those outside the mask to 0; slots holds both moments. */
export const adamPulled = kernel({
  name: 'adam_pulled',
  bindings: STORAGE,
  params: { n: 'u32', masked: 'u32', blocks: 'u32', rate_knob: 'u32', correction_knob: 'u32', pull_knob: 'u32', beta1: 'f32', beta2: 'f32', epsilon: 'f32', decay: 'f32', decoupled: 'u32' },
  check: (p, n) => expectLengths('adam_pulled', n, { gradients: p.n, weights: p.n, slots: 2 * p.n }),
  work: (p) => ({ flops: 16 * p.n }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.n / 4) }],
});
