// The index of a layer that keeps n of m (see lib/nm.wgsl), from its mask, which begins at bit params.first: a thread a line,
// then a thread a column, where params.lists asks for these. Rows and columns of a transposed copy lie params.down and
// params.across apart in the mask. n is what the first group keeps. A group with other than n bits is read as if it had n:
// the lowest of them, or with the lowest of those that are missing.
// include index
struct Params { out_size: u32, in_size: u32, m: u32, share: u32, down: u32, across: u32, lists: u32, first: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> mask: array<u32>;
@group(1) @binding(2) var<storage, read_write> index: array<u32>;
// include nm

// Bits that do not lie side by side.
fn bits_apart(first: u32, size: u32) -> u32 {
  var bits = 0u;
  for (var j = 0u; j < size; j++) {
    let at = first + j * params.across;
    bits |= ((mask[at >> 5u] >> (at & 31u)) & 1u) << j;
  }
  return bits;
}

// The mask's bits of the `size` weights from `column` on, in the first row of a line.
fn bits_at(line: u32, column: u32, size: u32) -> u32 {
  let first = params.first + line * params.share * params.down + column * params.across;
  if (params.across != 1u) { return bits_apart(first, size); }
  let shift = first & 31u;
  var bits = mask[first >> 5u] >> shift;
  if (shift + size > 32u) { bits |= mask[(first >> 5u) + 1u] << (32u - shift); }
  return select(bits & ((1u << size) - 1u), bits, size == 32u);
}

fn group_size(column: u32) -> u32 {
  return min(params.m, params.in_size - column);
}

fn present_n() -> u32 {
  let size = group_size(0u);
  return max(1u, countOneBits(bits_at(0u, 0u, size)) * params.m / size);
}

// Exactly as many bits as the group is to keep.
fn group_bits(line: u32, column: u32, n: u32) -> u32 {
  let size = group_size(column);
  let wanted = kept_of(n, size);
  let given = bits_at(line, column, size);
  var count = countOneBits(given);
  var bits = given;
  for (var j = 0u; count < wanted; j++) {
    if (((bits >> j) & 1u) == 0u) {
      bits |= 1u << j;
      count++;
    }
  }
  for (var j = size; count > wanted; j--) {
    if (((bits >> (j - 1u)) & 1u) == 1u) {
      bits &= ~(1u << (j - 1u));
      count--;
    }
  }
  return bits;
}

fn write_line(line: u32, n: u32) {
  let width = nm_bits();
  var at = SLOTS_AT + line * words_of(slots_of(n));
  var word = 0u;
  var filled = 0u;
  for (var column = 0u; column < params.in_size; column += params.m) {
    var bits = group_bits(line, column, n);
    while (bits != 0u) {
      word |= firstTrailingBit(bits) << filled;
      bits &= bits - 1u;
      filled += width;
      if (filled == 32u) {
        index[at] = word;
        at++;
        word = 0u;
        filled = 0u;
      }
    }
  }
  if (filled > 0u) { index[at] = word; }
}

fn write_column(column: u32, n: u32) {
  let place = column % params.m;
  let entries = column_entries(column);
  var count = 0u;
  for (var line = 0u; line < nm_lines(); line++) {
    if (((group_bits(line, column - place, n) >> place) & 1u) == 1u) {
      index[entries + count] = line;
      count++;
    }
  }
  index[columns_at() + column] = count;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let id = flat_index(group, groups, local, 64u);
  let n = present_n();
  if (id == 0u) {
    index[0] = n;
    index[1] = slots_of(n);
    index[2] = words_of(slots_of(n));
  }
  if (id < nm_lines()) {
    write_line(id, n);
  } else if (id - nm_lines() < params.lists * params.in_size) {
    write_column(id - nm_lines(), n);
  }
}
