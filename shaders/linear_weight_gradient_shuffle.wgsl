// dW (out, in) = dY (out, batch) X^T (batch, in), and db (out) = sum of dY over the batch; a thread computes ROWS rows by
// 4 columns of dW. Order of sums: batch ascending, one accumulator an output, the bits of linear_weight_gradient.
// For in % 4 == 0 and batch % DEPTH == 0. With a bias the grid has one more column of workgroups, whose threads sum the rows of dY.
// The LANES threads of a subgroup have the same rows: each reads another column of dY and all get it by shuffles, so that
// dY is read once a subgroup. Needs subgroups of exactly LANES threads, in order of local index.
// Reads beyond the edge are harmless (WebGPU keeps them inside the buffer) and their sums are never stored.
enable subgroups;
const THREADS = 64u;
struct Params { out_size: u32, in_size: u32, batch: u32, has_bias: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> dy: array<f32>;
@group(1) @binding(2) var<storage, read> x: array<f32>;
@group(1) @binding(3) var<storage, read_write> dw: array<vec4<f32>>;
@group(1) @binding(4) var<storage, read_write> db: array<f32>;

fn bias_gradient(o: u32) {
  if (o >= params.out_size || params.has_bias == 0u) { return; }
  var total = 0.0;
  for (var k = 0u; k < params.batch; k++) { total += dy[o * params.batch + k]; }
  db[o] = total;
}

// column counts in vec4.
fn weight_tile(row: u32, column: u32, lane: u32) {
  let width = params.in_size / 4u;
  let depth = params.batch;
  var sums: array<vec4<f32>, ROWS>;
  var held: array<f32, ROWS>;
  for (var base = 0u; base < depth; base += DEPTH) {
    for (var r = 0u; r < ROWS; r++) { held[r] = dy[(row + r) * depth + base + lane % DEPTH]; }
    for (var j = 0u; j < DEPTH; j += 2u) {
      let at = 4u * column * depth + base + j;
      let right0 = vec4<f32>(x[at], x[at + depth], x[at + 2u * depth], x[at + 3u * depth]);
      let right1 = vec4<f32>(x[at + 1u], x[at + depth + 1u], x[at + 2u * depth + 1u], x[at + 3u * depth + 1u]);
      for (var r = 0u; r < ROWS; r++) {
        var sum = sums[r];
        sum += subgroupShuffle(held[r], j) * right0;
        sum += subgroupShuffle(held[r], j + 1u) * right1;
        sums[r] = sum;
      }
    }
  }
  if (column >= width) { return; }
  let count = min(ROWS, params.out_size - min(row, params.out_size));
  for (var r = 0u; r < count; r++) { dw[(row + r) * width + column] = sums[r]; }
}

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  // A workgroup covers so many rows by 4 LANES columns.
  let rows = THREADS / LANES * ROWS;
  if (group.x * 4u * LANES >= params.in_size) {
    for (var q = local; q < rows; q += THREADS) { bias_gradient(group.y * rows + q); }
  } else {
    let lane = local % LANES;
    weight_tile(group.y * rows + local / LANES * ROWS, group.x * LANES + lane, lane);
  }
}
