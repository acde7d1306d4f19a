// A layer W (out, in) in blocks of params.rows by params.columns weights; smaller ones at the right and the lower edge.
// The index of the active ones, in one buffer of u32:
//   down + 1 words        where the blocks of each row of blocks begin; the last is their number
//   across + 1 words      the same for the columns of blocks
//   down * across words   columns of the blocks, row by row, ascending
//   down * across words   rows of the blocks, column by column, ascending
fn blocks_down() -> u32 {
  return (params.out_size + params.rows - 1u) / params.rows;
}

fn blocks_across() -> u32 {
  return (params.in_size + params.columns - 1u) / params.columns;
}

// Words of the index, from `begin` to before `end`, that name the active blocks of a row or a column of blocks.
struct Run { begin: u32, end: u32 }

fn row_run(row: u32) -> Run {
  let entries = blocks_down() + blocks_across() + 2u;
  return Run(entries + index[row], entries + index[row + 1u]);
}

fn column_run(column: u32) -> Run {
  let begins = blocks_down() + 1u;
  let entries = begins + blocks_across() + 1u + blocks_down() * blocks_across();
  return Run(entries + index[begins + column], entries + index[begins + column + 1u]);
}

// Up to `most` lines of a matrix that lie in one row of blocks (or column): which one, the first line, and how many.
struct Tile { run: u32, first: u32, count: u32 }

// Tile `place` of `size` lines in blocks of `side`; without a line where there are not so many.
fn tile_at(place: u32, most: u32, side: u32, size: u32) -> Tile {
  let tiles = (side + most - 1u) / most;
  let run = place / tiles;
  let skipped = place % tiles * most;
  let first = min(run * side + skipped, size);
  return Tile(run, first, min(most, min(side - skipped, size - first)));
}
