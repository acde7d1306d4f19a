// include score_product
// |w g|: what the loss would change by, to first order, if the weight were taken out.
fn score_key(w: f32, g: f32, flat: u32) -> u32 {
  return key_of(score_product(w, g));
}
