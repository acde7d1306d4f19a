// include random
// A draw for each weight and step: the same on every device, whatever the weights are.
fn score_key(w: f32, g: f32, flat: u32) -> u32 {
  return (random_u32(params.seed, PURPOSE_GROW, knob_u32(params.step_knob), flat) >> 1u) + 1u;
}
