// A selection is a cut a segment: the key and the index of the last one taken. Taken are larger keys, and among
// equal keys lower indices, so that counts are exact. Key 0 marks what is no candidate.
const CUT_WORDS = 4u;
const NOTHING = 0xffffffffu;

fn taken(key: u32, flat: u32, cut_key: u32, cut_index: u32) -> bool {
  return key != 0u && (key > cut_key || (key == cut_key && flat <= cut_index));
}

// Order of f32 >= 0 is the order of their bits; + 1 keeps 0 free for "no candidate". A NaN score becomes the lowest
// key: it can only come from a step that the divergence flag has already stopped.
fn key_of(score: f32) -> u32 {
  let bits = bitcast<u32>(score) & 0x7fffffffu;
  return select(bits + 1u, 1u, bits > 0x7f800000u);
}
