import { grid1d, kernel, reads, writes } from '../gpu/kernel.ts';
import { expectLengths } from './lengths.ts';

/** Codes of `lib/activation.wgsl`. */
export const ACTIVATION_CODES = { none: 0, relu: 1, tanh: 2, gelu: 3 } as const;
/** Names of the activations that the shaders know. */
export type ActivationName = keyof typeof ACTIVATION_CODES;

/** y = act(x). */
export const activationForward = kernel({
  name: 'activation_forward',
  bindings: [reads('x'), writes('y')],
  params: { n: 'u32', activation: 'u32' },
  check: (p, n) => expectLengths('activation_forward', n, { x: p.n, y: p.n }),
  work: (p) => ({ flops: p.n }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.n) }],
});

/** dx = dy * act', from the input or (relu, tanh) from the output. */
export const activationGradient = kernel({
  name: 'activation_gradient',
  bindings: [reads('dy'), reads('saved'), writes('dx')],
  params: { n: 'u32', activation: 'u32', from_output: 'u32' },
  check: (p, n) => expectLengths('activation_gradient', n, { dy: p.n, saved: p.n, dx: p.n }),
  work: (p) => ({ flops: p.n }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.n) }],
});

/** y = gate * sigmoid(gate) * up. */
export const swiglu = kernel({
  name: 'swiglu',
  bindings: [reads('gate'), reads('up'), writes('y')],
  params: { n: 'u32' },
  check: (p, n) => expectLengths('swiglu', n, { gate: p.n, up: p.n, y: p.n }),
  work: (p) => ({ flops: 5 * p.n }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.n) }],
});

/** dgate and dup of swiglu. */
export const swigluGradient = kernel({
  name: 'swiglu_gradient',
  bindings: [reads('gate'), reads('up'), reads('dy'), writes('dgate'), writes('dup')],
  params: { n: 'u32' },
  check: (p, n) => expectLengths('swiglu_gradient', n, { gate: p.n, up: p.n, dy: p.n, dgate: p.n, dup: p.n }),
  work: (p) => ({ flops: 11 * p.n }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.n) }],
});

/** y = |x|. */
export const absolute = kernel({
  name: 'absolute',
  bindings: [reads('x'), writes('y')],
  params: { n: 'u32' },
  check: (p, n) => expectLengths('absolute', n, { x: p.n, y: p.n }),
  work: (p) => ({ flops: p.n }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.n) }],
});

/** y = a + b. */
export const add = kernel({
  name: 'add',
  bindings: [reads('a'), reads('b'), writes('y')],
  params: { n: 'u32' },
  check: (p, n) => expectLengths('add', n, { a: p.n, b: p.n, y: p.n }),
  work: (p) => ({ flops: p.n }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.n) }],
});

/** total = keep * total + scale * x. */
export const accumulate = kernel({
  name: 'accumulate',
  bindings: [reads('x'), writes('total')],
  params: { n: 'u32', keep: 'f32', scale: 'f32' },
  check: (p, n) => expectLengths('accumulate', n, { x: p.n, total: p.n }),
  work: (p) => ({ flops: 2 * p.n }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.n) }],
});

/** y = scale * knob in every element. */
export const fill = kernel({
  name: 'fill',
  bindings: [writes('y')],
  params: { n: 'u32', scale: 'f32', scale_knob: 'u32' },
  check: (p, n) => expectLengths('fill', n, { y: p.n }),
  work: () => ({ flops: 0 }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.n) }],
});

/** y (n) = scale * x (1): the gradient of a sum. */
export const broadcast = kernel({
  name: 'broadcast',
  bindings: [reads('x'), writes('y')],
  params: { n: 'u32', scale: 'f32' },
  check: (p, n) => expectLengths('broadcast', n, { x: 1, y: p.n }),
  work: (p) => ({ flops: p.n }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.n) }],
});

/** sums[c] = scale * sum of chunk c. */
export const sumChunks = kernel({
  name: 'sum_chunks',
  bindings: [reads('x'), writes('sums')],
  params: { n: 'u32', chunk: 'u32', scale: 'f32' },
  check: (p, n) => expectLengths('sum_chunks', n, { x: p.n, sums: Math.ceil(p.n / p.chunk) }),
  work: (p) => ({ flops: p.n }),
  variants: [{ name: 'base', grid: (p) => grid1d(Math.ceil(p.n / p.chunk)) }],
});

/** Copies words, whatever they mean. */
export const copyWords = kernel({
  name: 'copy_words',
  bindings: [reads('x', 'u32'), writes('y', 'u32')],
  params: { n: 'u32' },
  check: (p, n) => expectLengths('copy_words', n, { x: p.n, y: p.n }),
  work: () => ({ flops: 0 }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.n) }],
});

/** Copies words to a place in y that a knob tells; `size` is the length of y. */
export const placeWords = kernel({
  name: 'place_words',
  bindings: [reads('x', 'u32'), writes('y', 'u32')],
  params: { n: 'u32', size: 'u32', at_knob: 'u32' },
  check: (p, n) => expectLengths('place_words', n, { x: p.n, y: p.size }),
  work: () => ({ flops: 0 }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.n) }],
});

/** y = x / (1 - rate) where the generator keeps it, else 0; `layer` separates the patterns of layers. */
export const dropout = kernel({
  name: 'dropout',
  bindings: [reads('x'), writes('y')],
  params: { n: 'u32', rate: 'f32', seed: 'u32', layer: 'u32', step_knob: 'u32' },
  check: (p, n) => expectLengths('dropout', n, { x: p.n, y: p.n }),
  work: (p) => ({ flops: p.n }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.n) }],
});

/** y = x where the bit is set, else x times `rest` and a knob. */
export const applyMask = kernel({
  name: 'apply_mask',
  bindings: [reads('x'), reads('bits', 'bits'), writes('y')],
  params: { n: 'u32', first: 'u32', rest: 'f32', rest_knob: 'u32' },
  check(p, n) {
    expectLengths('apply_mask', n, { x: p.n, y: p.n });
    if (p.first + p.n > (n.bits ?? 0)) throw new Error(`Kernel apply_mask: bits ${p.first} to ${p.first + p.n} are asked for, and there are ${n.bits}.`);
  },
  work: () => ({ flops: 0 }),
  variants: [{ name: 'base', grid: (p) => grid1d(p.n) }],
});

/** bits: set where x > 0. */
export const positiveBits = kernel({
  name: 'positive_bits',
  bindings: [reads('x'), writes('bits', 'bits')],
  params: { n: 'u32' },
  check: (p, n) => expectLengths('positive_bits', n, { x: p.n, bits: p.n }),
  work: () => ({ flops: 0 }),
  variants: [{ name: 'base', grid: (p) => grid1d(Math.ceil(p.n / 32)) }],
});
