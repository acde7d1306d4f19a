// dW (out, in) = dY (out, batch) X^T (batch, in), and db (out) = sum of dY over the batch; a workgroup computes 32 rows by
// 32 columns of dW from tiles in workgroup memory, a thread 4 by 4. For graphics cards. Order of sums: batch ascending, one
// accumulator an output, the bits of linear_weight_gradient. For in % 4 == 0. With a bias the grid has one more column of
// workgroups, whose threads sum the rows of dY.
const TILE = 32u;
const DEPTH = 16u;
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

// Of dY, (k, row), and of X, (k, column).
var<workgroup> left: array<f32, 512>;
var<workgroup> right: array<f32, 512>;

fn load(row: u32, column: u32, base: u32, local: u32) {
  let depth = params.batch;
  for (var i = local; i < TILE * DEPTH; i += 64u) {
    let at = (i % DEPTH) * TILE + i / DEPTH;
    left[at] = dy[(row + i / DEPTH) * depth + base + i % DEPTH];
    right[at] = x[(column + i / DEPTH) * depth + base + i % DEPTH];
  }
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let row = group.y * TILE;
  let column = group.x * TILE;
  if (column >= params.in_size) {
    if (local < TILE) { bias_gradient(row + local); }
    return;
  }
  let own_row = local / 8u * 4u;
  let own_column = local % 8u * 4u;
  var s0 = vec4<f32>();
  var s1 = vec4<f32>();
  var s2 = vec4<f32>();
  var s3 = vec4<f32>();
  for (var base = 0u; base < params.batch; base += DEPTH) {
    // What lies beyond the edge is harmless to read (WebGPU keeps it inside the buffer), and never stored or added.
    load(row, column, base, local);
    workgroupBarrier();
    let steps = min(DEPTH, params.batch - base);
    for (var k = 0u; k < steps; k++) {
      let c = k * TILE + own_column;
      let r = vec4<f32>(right[c], right[c + 1u], right[c + 2u], right[c + 3u]);
      let l = k * TILE + own_row;
      s0 += left[l] * r;
      s1 += left[l + 1u] * r;
      s2 += left[l + 2u] * r;
      s3 += left[l + 3u] * r;
    }
    workgroupBarrier();
  }
  let width = params.in_size / 4u;
  let at = (column + own_column) / 4u;
  if (at >= width || row + own_row >= params.out_size) { return; }
  let sums = array<vec4<f32>, 4>(s0, s1, s2, s3);
  let count = min(4u, params.out_size - row - own_row);
  for (var i = 0u; i < count; i++) { dw[(row + own_row + i) * width + at] = sums[i]; }
}
