// Radix selection looks at the pair (key, lower index first) as seven digits of eight bits, most significant first:
// digits 0-3 of the key, 4-6 of the inverted index. An index has at most 24 bits.
const INDEX_MASK = 0xffffffu;
// Fourth word of a cut once it is final: what digits are left have nothing to do.
const DECIDED = 1u;

// True where key and index agree with what earlier digits chose.
fn on_path(digit: u32, key: u32, inverted: u32, cut_key: u32, cut_inverted: u32) -> bool {
  if (digit == 0u) { return true; }
  if (digit <= 4u) {
    // Shifting a u32 by 32 is an error in WGSL; digit 4 compares the whole key.
    return (key >> (32u - 8u * digit)) == (cut_key >> (32u - 8u * digit));
  }
  return key == cut_key && (inverted >> (24u - 8u * (digit - 4u))) == (cut_inverted >> (24u - 8u * (digit - 4u)));
}

fn digit_of(digit: u32, key: u32, inverted: u32) -> u32 {
  if (digit < 4u) { return (key >> (24u - 8u * digit)) & 255u; }
  return (inverted >> (16u - 8u * (digit - 4u))) & 255u;
}
