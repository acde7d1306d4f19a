// A selection is a cut a segment: the key and the index of the last one taken. Taken are larger keys, and among
// equal keys lower indices, so that counts are exact. Key 0 marks what is no candidate, KEPT what is in already.
const CUT_WORDS = 4u;
const KEPT = 0xffffffffu;
// Cut keys that take nothing and, with any index, everything.
const NOTHING = 0xffffffffu;
const EVERYTHING = 0u;

// Scores have keys 1 to 2^31.
fn is_candidate(key: u32) -> bool {
  return key - 1u < 0x80000000u;
}

fn taken(key: u32, flat: u32, cut_key: u32, cut_index: u32) -> bool {
  return is_candidate(key) && (key > cut_key || (key == cut_key && flat <= cut_index));
}

// Key of |score|: the order of f32 >= 0 is the order of their bits, a NaN is largest; + 1 keeps 0 free. Bits only, since
// arithmetic may flush subnormal scores to 0.
fn key_of(score: f32) -> u32 {
  return (bitcast<u32>(score) & 0x7fffffffu) + 1u;
}
