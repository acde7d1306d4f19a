/**
 * What a random number is for. Part of its key, so that two uses never share a stream.
 * The same constants stand in `shaders/lib/random.wgsl`; a test compares the two.
 */
export const PURPOSE = {
  init: 1,
  mask: 2,
  grow: 3,
  order: 4,
  dropout: 5,
  data: 6,
  noise: 7,
  split: 8,
  write: 9,
} as const;

/**
 * A bijection of u32 with full avalanche: two xor-shift-multiply rounds.
 * Constants: the "lowbias32" finaliser of C. Wellons' hash prospector (public domain).
 */
export function mix32(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/**
 * The random u32 with this key; all arguments are taken modulo 2^32. Nothing is stored between calls, so any number
 * of a run can be computed alone, on any device: `random_u32` in WGSL returns the same bits.
 *
 * For a fixed (seed, purpose, step) it is a bijection of `index`: the numbers of one stream are all different.
 */
export function randomU32(seed: number, purpose: number, step: number, index: number): number {
  const use = mix32(mix32(seed ^ 0x9e3779b9) + purpose);
  const stream = mix32(use + step);
  // A second key, itself a function of the step: with one key, streams would be shifted copies of each other.
  const tweak = mix32(stream + use);
  return mix32(mix32(index ^ stream) + tweak);
}

/** A number in [0, 1) made of the upper 24 bits of `randomU32`: exact in f32, the same on every device. */
export function randomUniform(seed: number, purpose: number, step: number, index: number): number {
  return (randomU32(seed, purpose, step, index) >>> 8) * 2 ** -24;
}

/** `count` numbers in [low, high), elements 0 .. count - 1 of the stream; the scaling is done in f64, then rounded to f32. */
export function randomUniformArray(
  seed: number,
  purpose: number,
  step: number,
  count: number,
  low = 0,
  high = 1,
): Float32Array {
  const values = new Float32Array(count);
  const span = high - low;
  for (let i = 0; i < count; i++) values[i] = low + span * randomUniform(seed, purpose, step, i);
  return values;
}
