// The active columns of a row of blocks, four neighbouring ones of a block at a time: as if they stood side by side.
// Whoever includes this includes blocks first.
struct Quad { column: u32, count: u32 }

fn quads_of(run: Run) -> u32 {
  return (run.end - run.begin) * ((params.columns + 3u) / 4u);
}

// Quad q of them: its first column of W and how many it has, none where there are not so many quads.
fn quad_at(run: Run, q: u32) -> Quad {
  let side = (params.columns + 3u) / 4u;
  let e = run.begin + q / side;
  if (e >= run.end) { return Quad(0u, 0u); }
  let inside = q % side * 4u;
  let column = min(index[e] * params.columns + inside, params.in_size);
  return Quad(column, min(4u, min(params.columns - inside, params.in_size - column)));
}
