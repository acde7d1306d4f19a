// Windows of 2 x 2 in a picture (channels, height, width, batch), batch innermost. Where height or width is odd, the last
// row or column belongs to no window. Outputs are (channels, height / 2, width / 2, batch).

struct Place { channel: u32, row: u32, column: u32, b: u32 }

// Place of element i of an array (channels, height, width, batch).
fn place_of(i: u32, height: u32, width: u32) -> Place {
  let plane = i / params.batch;
  return Place(plane / (width * height), plane / width % height, plane % width, i % params.batch);
}

fn output_count() -> u32 {
  return params.channels * (params.height / 2u) * (params.width / 2u) * params.batch;
}

// Index in x of the first input of the window that gives output `p`.
fn corner(p: Place) -> u32 {
  return ((p.channel * params.height + 2u * p.row) * params.width + 2u * p.column) * params.batch + p.b;
}

// The output whose window input `p` lies in, and whether there is one.
fn window_of(p: Place) -> Place {
  return Place(p.channel, p.row / 2u, p.column / 2u, p.b);
}

fn in_window(p: Place) -> bool {
  return p.row / 2u < params.height / 2u && p.column / 2u < params.width / 2u;
}

// Index in y of output `p`.
fn output_index(p: Place) -> u32 {
  return ((p.channel * (params.height / 2u) + p.row) * (params.width / 2u) + p.column) * params.batch + p.b;
}
