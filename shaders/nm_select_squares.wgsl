// As nm_select, transposable: in each square of M by M keys of the layer no row and no column keeps more than N (of a shorter
// one as large a share, rounded up), and as many stay as that allows. 2 of 4 in a whole square: of the 90 patterns the first
// with the largest sum. Else greedily, ties to the lower place; then, while a row and a column are short, the exchange
// that gains most. A thread a square; M is at most 32.
// include index
// include select
struct Params { layer: u32, first: u32, rows: u32, columns: u32, n: u32, m: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> keys: array<u32>;
@group(1) @binding(2) var<storage, read_write> chosen: array<u32>;
@group(1) @binding(3) var<storage, read_write> cuts: array<u32>;

// Place of the square's first key, its sides, and what is taken of each row.
var<private> corner: u32;
var<private> height: u32;
var<private> width: u32;
var<private> taken_of: array<u32, 32>;
var<private> row_room: array<u32, 32>;
var<private> column_room: array<u32, 32>;

fn place_of(r: u32, c: u32) -> u32 {
  return corner + r * params.columns + c;
}

fn has(r: u32, c: u32) -> bool {
  return ((taken_of[r] >> c) & 1u) == 1u;
}

// What a key is worth where sums decide: of a magnitude the magnitude, below 2^120 so that no sum is infinite.
fn worth(r: u32, c: u32) -> f32 {
  let key = keys[place_of(r, c)];
  if (key == 0u) { return 0.0; }
  let bits = min(key - 1u, 0x7b800000u);
  return select(bitcast<f32>(bits), 0.0, bits < 0x00800000u);
}

fn greedy() {
  loop {
    var best = 0u;
    var most = 0u;
    var found = false;
    for (var r = 0u; r < height; r++) {
      if (row_room[r] == 0u) { continue; }
      for (var c = 0u; c < width; c++) {
        if (column_room[c] == 0u || has(r, c)) { continue; }
        let key = keys[place_of(r, c)];
        if (!found || key > most) {
          best = 32u * r + c;
          most = key;
          found = true;
        }
      }
    }
    if (!found) { return; }
    let r = best / 32u;
    let c = best % 32u;
    taken_of[r] |= 1u << c;
    row_room[r] -= 1u;
    column_room[c] -= 1u;
  }
}

// Takes (r, c2) and (r2, c) for (r2, c2); false where no row and column are short.
fn exchange() -> bool {
  var r = 0u;
  while (r < height && row_room[r] == 0u) { r++; }
  var c = 0u;
  while (c < width && column_room[c] == 0u) { c++; }
  if (r == height || c == width) { return false; }
  var best = 0u;
  var most = 0.0;
  var found = false;
  for (var r2 = 0u; r2 < height; r2++) {
    for (var c2 = 0u; c2 < width; c2++) {
      if (!has(r2, c2) || has(r, c2) || has(r2, c)) { continue; }
      let added = worth(r, c2) + worth(r2, c);
      let gain = added - worth(r2, c2);
      if (!found || gain > most) {
        best = 32u * r2 + c2;
        most = gain;
        found = true;
      }
    }
  }
  if (!found) { return false; }
  let r2 = best / 32u;
  let c2 = best % 32u;
  taken_of[r] |= 1u << c2;
  taken_of[r2] = (taken_of[r2] & ~(1u << c2)) | (1u << c);
  row_room[r] -= 1u;
  column_room[c] -= 1u;
  return true;
}

// True for the patterns with two in each row and column of four.
fn is_even(bits: u32) -> bool {
  var even = true;
  for (var i = 0u; i < 4u; i++) {
    even = even && countOneBits(bits & (15u << (4u * i))) == 2u && countOneBits(bits & (0x1111u << i)) == 2u;
  }
  return even;
}

fn sum_of(bits: u32, worths: ptr<function, array<f32, 16>>) -> f32 {
  var sum = 0.0;
  for (var i = 0u; i < 16u; i++) {
    if (((bits >> i) & 1u) == 1u) { sum += (*worths)[i]; }
  }
  return sum;
}

// Rows with two of four, ascending: four of these, one a row of the square, make each candidate, in ascending order.
const PAIRS = array<u32, 6>(3u, 5u, 6u, 9u, 10u, 12u);

fn best_of_90() {
  var worths: array<f32, 16>;
  for (var i = 0u; i < 16u; i++) { worths[i] = worth(i / 4u, i % 4u); }
  // What was kept before a growth stays whatever it is worth.
  var stays = 0u;
  for (var i = 0u; i < 16u; i++) {
    if (keys[place_of(i / 4u, i % 4u)] == KEPT) {
      stays |= 1u << i;
      worths[i] = 0.0;
    }
  }
  var pairs = PAIRS;
  var best = 0u;
  var most = -1.0;
  for (var i = 0u; i < 1296u; i++) {
    let bits = pairs[i % 6u] | (pairs[i / 6u % 6u] << 4u) | (pairs[i / 36u % 6u] << 8u) | (pairs[i / 216u] << 12u);
    if ((bits & stays) != stays || !is_even(bits)) { continue; }
    let sum = sum_of(bits, &worths);
    if (sum > most) {
      best = bits;
      most = sum;
    }
  }
  for (var r = 0u; r < 4u; r++) { taken_of[r] = (best >> (4u * r)) & 15u; }
}

fn choose() {
  if (params.n == 2u && params.m == 4u && height == 4u && width == 4u) {
    best_of_90();
    return;
  }
  for (var r = 0u; r < height; r++) {
    taken_of[r] = 0u;
    row_room[r] = (params.n * width + params.m - 1u) / params.m;
  }
  for (var c = 0u; c < width; c++) { column_room[c] = (params.n * height + params.m - 1u) / params.m; }
  greedy();
  while (exchange()) {}
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let id = flat_index(group, groups, local, 64u);
  let size = params.rows * params.columns;
  if (id == 0u) {
    for (var i = 0u; i < CUT_WORDS; i++) { cuts[params.layer * CUT_WORDS + i] = EVERYTHING; }
    // Between layers lie unused elements, which hold no key.
    for (var i = size; i < (size + 63u) / 64u * 64u; i++) { chosen[params.first + i] = 0u; }
  }
  let across = (params.columns + params.m - 1u) / params.m;
  let row = id / across * params.m;
  let column = id % across * params.m;
  if (row >= params.rows) { return; }
  corner = params.first + row * params.columns + column;
  height = min(params.m, params.rows - row);
  width = min(params.m, params.columns - column);
  choose();
  for (var r = 0u; r < height; r++) {
    for (var c = 0u; c < width; c++) { chosen[place_of(r, c)] = select(0u, keys[place_of(r, c)], has(r, c)); }
  }
}
