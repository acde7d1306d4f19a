// Key of a number by its size and sign: the order of floats is that of their bits, turned round where they are negative.
// The key has no room for the lowest bit.
fn signed_key(x: f32) -> u32 {
  let bits = bitcast<u32>(x);
  return (select(bits | 0x80000000u, ~bits, bits >= 0x80000000u) >> 1u) + 1u;
}

fn signed_value(key: u32) -> f32 {
  let bits = (key - 1u) << 1u;
  return bitcast<f32>(select(~bits, bits & 0x7fffffffu, bits >= 0x80000000u));
}
