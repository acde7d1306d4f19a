// include pool

fn is_nan(v: f32) -> bool {
  return (bitcast<u32>(v) & 0x7fffffffu) > 0x7f800000u;
}

// The inputs of a window of x, row by row.
fn inputs_of(window: Place) -> vec4<f32> {
  let at = corner(window);
  let down = at + params.width * params.batch;
  return vec4<f32>(x[at], x[at + params.batch], x[down], x[down + params.batch]);
}

// Place of the first of the largest; a NaN counts as larger than any number, so that divergence is seen.
fn largest(four: vec4<f32>) -> u32 {
  var best = 0u;
  for (var j = 1u; j < 4u; j++) {
    if (four[j] > four[best] || (is_nan(four[j]) && !is_nan(four[best]))) { best = j; }
  }
  return best;
}
