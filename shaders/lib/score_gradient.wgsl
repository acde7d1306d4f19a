// |g|: the magnitude of the dense gradient.
fn score_key(w: f32, g: f32, flat: u32) -> u32 {
  return key_of(g);
}
