// Makes the index of the active blocks of a layer, whose mask begins at bit `first`; see lib/blocks. A block is active
// where its first weight is. One workgroup: each thread counts rows and columns of blocks, two threads add the counts up,
// and each thread writes what its rows and columns hold. Blocks are few, so that this is shorter than three dispatches.
struct Params { out_size: u32, in_size: u32, rows: u32, columns: u32, first: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> mask: array<u32>;
@group(1) @binding(2) var<storage, read_write> index: array<u32>;
// include blocks
const THREADS = 256u;

fn is_active(row: u32, column: u32) -> bool {
  let bit = params.first + row * params.rows * params.in_size + column * params.columns;
  return ((mask[bit >> 5u] >> (bit & 31u)) & 1u) != 0u;
}

fn count(line: u32) {
  let down = blocks_down();
  var sum = 0u;
  if (line < down) {
    for (var c = 0u; c < blocks_across(); c++) { sum += select(0u, 1u, is_active(line, c)); }
    index[line + 1u] = sum;
  } else {
    for (var r = 0u; r < down; r++) { sum += select(0u, 1u, is_active(r, line - down)); }
    index[line + 2u] = sum;
  }
}

// Turns counts into begins.
fn add_up(begin: u32, lines: u32) {
  var sum = 0u;
  index[begin] = 0u;
  for (var line = 1u; line <= lines; line++) {
    sum += index[begin + line];
    index[begin + line] = sum;
  }
}

fn list(line: u32) {
  let down = blocks_down();
  if (line < down) {
    var at = row_run(line).begin;
    for (var c = 0u; c < blocks_across(); c++) {
      if (!is_active(line, c)) { continue; }
      index[at] = c;
      at++;
    }
  } else {
    var at = column_run(line - down).begin;
    for (var r = 0u; r < down; r++) {
      if (!is_active(r, line - down)) { continue; }
      index[at] = r;
      at++;
    }
  }
}

@compute @workgroup_size(THREADS)
fn main(@builtin(local_invocation_index) local: u32) {
  let lines = blocks_down() + blocks_across();
  for (var line = local; line < lines; line += THREADS) { count(line); }
  storageBarrier();
  if (local == 0u) { add_up(0u, blocks_down()); }
  if (local == 1u) { add_up(blocks_down() + 1u, blocks_across()); }
  storageBarrier();
  for (var line = local; line < lines; line += THREADS) { list(line); }
}
