// A layer W (out, in) whose mask keeps n of every params.m neighbours of a row, and of a last group of fewer as large a
// share, rounded up; params.share rows, a line, have one pattern. The index, in one buffer of u32:
//   3 words              n, which is m while all weights are active; slots and words of a line
//   the slots            line by line, the places of the kept within their groups, ascending: 2 bits each for m up to 4, 4 up
//                        to 16, else 8; lowest bits first, each line begins a word; room for all weights
//   in words             how many lines keep each column; these and what follows only where products by columns need them
//   in * lines words     which lines these are, column by column, ascending
// The values lie in a buffer of their own: line by line, slot by slot, the rows of the line side by side.
const SLOTS_AT = 3u;

fn nm_bits() -> u32 {
  return select(select(8u, 4u, params.m <= 16u), 2u, params.m <= 4u);
}

fn nm_lines() -> u32 {
  return (params.out_size + params.share - 1u) / params.share;
}

fn kept_of(n: u32, size: u32) -> u32 {
  return (n * size + params.m - 1u) / params.m;
}

// Slots of a line.
fn slots_of(n: u32) -> u32 {
  return params.in_size / params.m * n + kept_of(n, params.in_size % params.m);
}

// Words of a line with so many slots.
fn words_of(slots: u32) -> u32 {
  let a_word = 32u / nm_bits();
  return (slots + a_word - 1u) / a_word;
}

fn most_words() -> u32 {
  return words_of(params.in_size);
}

// Where a line's words begin.
fn line_at(line: u32) -> u32 {
  return SLOTS_AT + line * index[2];
}

// Where the counts of the columns begin.
fn columns_at() -> u32 {
  return SLOTS_AT + nm_lines() * most_words();
}

fn column_entries(column: u32) -> u32 {
  return columns_at() + params.in_size + column * nm_lines();
}
