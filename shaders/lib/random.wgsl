// Counter-based random numbers: the twin of src/engine/random.ts, bit for bit.
// A number is a pure function of (seed, purpose, step, index); there is no state.

// What a number is for; part of the key. The same values as PURPOSE in random.ts.
const PURPOSE_INIT = 1u;
const PURPOSE_MASK = 2u;
const PURPOSE_GROW = 3u;
const PURPOSE_ORDER = 4u;
const PURPOSE_DROPOUT = 5u;
const PURPOSE_DATA = 6u;
const PURPOSE_NOISE = 7u;
const PURPOSE_SPLIT = 8u;
const PURPOSE_WRITE = 9u;

// A bijection of u32 with full avalanche ("lowbias32" of C. Wellons' hash prospector, public domain).
fn mix32(value: u32) -> u32 {
  var x = value;
  x = (x ^ (x >> 16u)) * 0x7feb352du;
  x = (x ^ (x >> 15u)) * 0x846ca68bu;
  return x ^ (x >> 16u);
}

// For a fixed (seed, purpose, step) a bijection of index: the numbers of one stream are all different.
fn random_u32(seed: u32, purpose: u32, step: u32, index: u32) -> u32 {
  let use_key = mix32(mix32(seed ^ 0x9e3779b9u) + purpose);
  let stream = mix32(use_key + step);
  // A second key, itself a function of the step: with one key, streams would be shifted copies of each other.
  let tweak = mix32(stream + use_key);
  return mix32(mix32(index ^ stream) + tweak);
}

// In [0, 1), a multiple of 2^-24: exact in f32, the same on every device.
fn random_uniform(seed: u32, purpose: u32, step: u32, index: u32) -> f32 {
  return f32(random_u32(seed, purpose, step, index) >> 8u) * 5.9604644775390625e-8;
}
