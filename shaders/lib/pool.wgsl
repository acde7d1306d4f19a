// Windows of 2 x 2 in a picture (channels, height, width, batch), batch innermost; outputs are (channels, height / 2,
// width / 2, batch). Where height or width is odd, the last row or column belongs to no whole window.

// Which window: of all in a picture cut into `across` by `down` windows a channel, by their order.
struct Window { channel: u32, row: u32, column: u32 }

fn window_at(i: u32, across: u32, down: u32) -> Window {
  return Window(i / (across * down), i / across % down, i % across);
}

// Index in x of the first of its inputs, for example 0.
fn corner(w: Window) -> u32 {
  return ((w.channel * params.height + 2u * w.row) * params.width + 2u * w.column) * params.batch;
}

// Index in y of its output, for example 0.
fn output_at(w: Window) -> u32 {
  return ((w.channel * (params.height / 2u) + w.row) * (params.width / 2u) + w.column) * params.batch;
}

fn is_whole(w: Window) -> bool {
  return w.row < params.height / 2u && w.column < params.width / 2u;
}

// Whether its input j, of four row by row, lies in the picture.
fn has_input(w: Window, j: u32) -> bool {
  return 2u * w.row + j / 2u < params.height && 2u * w.column + j % 2u < params.width;
}

// How far input j lies behind the first.
fn input_step(j: u32) -> u32 {
  return (j / 2u * params.width + j % 2u) * params.batch;
}
