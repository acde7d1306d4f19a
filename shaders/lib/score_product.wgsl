// include normal
// w g. Numbers below the least normal one are 0.
fn score_product(w: f32, g: f32) -> f32 {
  return normal(normal(w) * normal(g));
}
