// include score_product
// include signed_key
// w h, with its sign, where h is the Hessian times the gradient: what the gradient's norm would lose, to first order, if
// the weight were taken out.
fn score_key(w: f32, g: f32, flat: u32) -> u32 {
  return signed_key(score_product(w, g));
}
