// What ends a gradient of an input: `beside` is that input, which a layer with an activation may have made.
fn close(sum: f32, row: u32, at: u32) -> f32 {
  return sum * slope_from_output(params.activation, beside[at]);
}
