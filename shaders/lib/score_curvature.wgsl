// include score_product
// w h, with its sign, where h is the Hessian times the gradient: what the gradient's norm would lose, to first order, if
// the weight were taken out. The order of floats is that of their bits, turned round where they are negative; the key
// has no room for the lowest bit.
fn score_key(w: f32, g: f32, flat: u32) -> u32 {
  let bits = bitcast<u32>(score_product(w, g));
  return (select(bits | 0x80000000u, ~bits, bits >= 0x80000000u) >> 1u) + 1u;
}
