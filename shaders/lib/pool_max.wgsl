// include pool

fn is_nan(v: f32) -> bool {
  return (bitcast<u32>(v) & 0x7fffffffu) > 0x7f800000u;
}

// A NaN counts as larger than any number, so that divergence is seen.
fn larger(a: f32, b: f32) -> bool {
  return a > b || (is_nan(a) && !is_nan(b));
}

// The four inputs of a window, row by row; `at` is the index of the first.
fn inputs_of(at: u32) -> vec4<f32> {
  return vec4<f32>(x[at], x[at + input_step(1u)], x[at + input_step(2u)], x[at + input_step(3u)]);
}

// Place of the first of the largest.
fn largest(four: vec4<f32>) -> u32 {
  let top = select(0u, 1u, larger(four.y, four.x));
  let bottom = select(2u, 3u, larger(four.w, four.z));
  let best = select(four.x, four.y, top == 1u);
  return select(top, bottom, larger(select(four.z, four.w, bottom == 3u), best));
}
