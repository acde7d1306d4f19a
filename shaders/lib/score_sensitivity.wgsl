// |w g|: what the loss would change by, to first order, if the weight were taken out. Numbers below the least normal one
// are 0 by their bits: whether arithmetic takes them so differs between devices.
fn normal(x: f32) -> f32 {
  return select(x, 0.0, (bitcast<u32>(x) & 0x7f800000u) == 0u);
}
fn score_key(w: f32, g: f32, flat: u32) -> u32 {
  return key_of(normal(normal(w) * normal(g)));
}
