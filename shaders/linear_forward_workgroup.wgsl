// Y (out, batch) = act(W (out, in) X (in, batch) + bias (out)); a workgroup computes 32 rows by 32 columns from tiles that
// its 64 threads put into workgroup memory, a thread 4 rows by 4 columns. For graphics cards, which have thousands of
// threads to keep busy. Order of sums: k ascending, one accumulator an output, the bits of linear_forward.
// For batch % 4 == 0.
// include activation
const TILE = 32u;
const DEPTH = 16u;
// slot weight
struct Params { out_size: u32, in_size: u32, batch: u32, activation: u32, has_bias: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> weight: array<Weight>;
@group(1) @binding(2) var<storage, read> x: array<vec4<f32>>;
@group(1) @binding(3) var<storage, read> bias: array<f32>;
@group(1) @binding(4) var<storage, read_write> y: array<vec4<f32>>;

fn act(v: f32) -> f32 {
  return activate(params.activation, v);
}

// Of W, (k, row), and of X, (k, column in vec4).
var<workgroup> left: array<f32, 512>;
var<workgroup> right: array<vec4<f32>, 128>;

fn load(row: u32, column: u32, base: u32, local: u32) {
  let depth = params.in_size;
  let width = params.batch / 4u;
  for (var i = local; i < TILE * DEPTH; i += 64u) {
    left[(i % DEPTH) * TILE + i / DEPTH] = f32(weight[(row + i / DEPTH) * depth + base + i % DEPTH]);
  }
  for (var i = local; i < TILE / 4u * DEPTH; i += 64u) {
    right[i] = x[(base + i / (TILE / 4u)) * width + column + i % (TILE / 4u)];
  }
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let row = group.y * TILE;
  let column = group.x * TILE / 4u;
  let own_row = local / 8u * 4u;
  let own_column = local % 8u;
  var s0 = vec4<f32>();
  var s1 = vec4<f32>();
  var s2 = vec4<f32>();
  var s3 = vec4<f32>();
  for (var base = 0u; base < params.in_size; base += DEPTH) {
    // What lies beyond the edge is harmless to read (WebGPU keeps it inside the buffer), and never stored or added.
    load(row, column, base, local);
    workgroupBarrier();
    let steps = min(DEPTH, params.in_size - base);
    for (var k = 0u; k < steps; k++) {
      let r = right[k * (TILE / 4u) + own_column];
      let l = k * TILE + own_row;
      s0 += left[l] * r;
      s1 += left[l + 1u] * r;
      s2 += left[l + 2u] * r;
      s3 += left[l + 3u] * r;
    }
    workgroupBarrier();
  }
  let width = params.batch / 4u;
  if (column + own_column >= width || row + own_row >= params.out_size) { return; }
  let sums = array<vec4<f32>, 4>(s0, s1, s2, s3);
  let count = min(4u, params.out_size - row - own_row);
  for (var i = 0u; i < count; i++) {
    let o = row + own_row + i;
    var v = sums[i];
    if (params.has_bias != 0u) { v += bias[o]; }
    y[o * width + column + own_column] = vec4<f32>(act(v.x), act(v.y), act(v.z), act(v.w));
  }
}
