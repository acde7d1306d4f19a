// include normal
// |w g|: what the loss would change by, to first order, if the weight were taken out; numbers below the least normal one are 0.
fn score_key(w: f32, g: f32, flat: u32) -> u32 {
  return key_of(normal(normal(w) * normal(g)));
}
