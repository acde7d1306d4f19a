// Taps of a convolution as columns: (channel, kernel row, kernel column), and behind them one for the bias.

struct TapPlace { at: u32, inside: bool }

fn tap_count() -> u32 {
  return params.channels * params.kernel_height * params.kernel_width;
}

// Where in x tap k of output position p begins (its batch follows), or that it lies outside.
fn tap_place(k: u32, p: u32) -> TapPlace {
  let area = params.kernel_height * params.kernel_width;
  // Beyond an edge these wrap to numbers past every picture.
  let row = p / params.out_width * params.stride + k % area / params.kernel_width - params.padding;
  let column = p % params.out_width * params.stride + k % params.kernel_width - params.padding;
  let inside = k < tap_count() && row < params.height && column < params.width;
  return TapPlace(select(0u, ((k / area * params.height + row) * params.width + column) * params.batch, inside), inside);
}

// What column k holds outside the picture: the bias has 1 everywhere.
fn outside(k: u32) -> f32 {
  return select(0.0, 1.0, k == tap_count());
}
