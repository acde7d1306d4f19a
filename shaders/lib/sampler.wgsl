// Which example stands where in the stream: the twin of src/engine/data/samplers.ts, index for index.
// include random

const SAMPLER_PERMUTATION = 0u;
const SAMPLER_SEQUENTIAL = 1u;
const SAMPLER_REPLACEMENT = 2u;

const PERMUTATION_ROUNDS = 8u;

// Image of position under the permutation of 0 .. size - 1 that (seed, epoch) select.
// A Feistel network over the next power of two; an image outside is permuted again until it is inside.
fn permuted_index(seed: u32, epoch: u32, position: u32, size: u32) -> u32 {
  let bits = 32u - countLeadingZeros(size - 1u);
  let low_bits = (bits + 1u) >> 1u;
  let low_mask = (1u << low_bits) - 1u;
  let high_mask = (1u << (bits - low_bits)) - 1u;
  let key = random_u32(seed, PURPOSE_ORDER, epoch, 0u);
  var index = position;
  loop {
    var low = index & low_mask;
    var high = index >> low_bits;
    for (var round = 0u; round < PERMUTATION_ROUNDS; round += 2u) {
      high ^= mix32(low ^ mix32(key + round)) & high_mask;
      low ^= mix32(high ^ mix32(key + round + 1u)) & low_mask;
    }
    index = (high << low_bits) | low;
    if (index < size) {
      break;
    }
  }
  return index;
}

// Index of one example. epoch and position are those of the first example of the batch plus the offset of this one
// in the batch, added to position alone: position may pass the end of the epoch (the batch straddles), and is carried
// over here. 1 <= size <= 2^30, position + offset < 2^32. The cursor of a long run does not fit a u32; the CPU splits it.
fn sampled_index(sampler: u32, seed: u32, epoch: u32, position: u32, size: u32) -> u32 {
  let carried_epoch = epoch + position / size;
  let carried_position = position % size;
  if (sampler == SAMPLER_PERMUTATION) {
    return permuted_index(seed, carried_epoch, carried_position, size);
  }
  if (sampler == SAMPLER_REPLACEMENT) {
    return random_u32(seed, PURPOSE_ORDER, carried_epoch, carried_position) % size;
  }
  return carried_position;
}
