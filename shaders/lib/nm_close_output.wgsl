// What ends an output of a layer: `beside` is its bias.
fn close(sum: f32, row: u32, at: u32) -> f32 {
  var v = sum;
  if (params.has_bias != 0u) { v += beside[row]; }
  return activate(params.activation, v);
}
