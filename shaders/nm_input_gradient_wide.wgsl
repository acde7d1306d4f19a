// dX (in, batch) = (W^T dY) * slope of the layer that made X, over the kept weights alone, by the lines that keep each column; a
// thread computes one row of dX by 16 columns. For batch % 4 == 0. Order of sums: k ascending over out, one accumulator an
// output: the bits of nm_input_gradient. Reads beyond the edge are harmless (WebGPU keeps them inside the buffer), their sums
// never stored.
// include index
// include activation
struct Params { out_size: u32, in_size: u32, batch: u32, m: u32, share: u32, activation: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> weight: array<f32>;
@group(1) @binding(2) var<storage, read> index: array<u32>;
@group(1) @binding(3) var<storage, read> dy: array<vec4<f32>>;
@group(1) @binding(4) var<storage, read> saved: array<vec4<f32>>;
@group(1) @binding(5) var<storage, read_write> dx: array<vec4<f32>>;
// include nm

fn slope(v: f32) -> f32 {
  return slope_from_output(params.activation, v);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let id = flat_index(group, groups, local, 64u);
  let width = params.batch / 4u;
  let tiles = (width + 3u) / 4u;
  let row = id / tiles;
  // In vec4.
  let column = (id % tiles) * 4u;
  if (row >= params.in_size) { return; }
  let first = column_entries(row);
  let end = first + index[columns_at() + row];
  var s0 = vec4<f32>();
  var s1 = vec4<f32>();
  var s2 = vec4<f32>();
  var s3 = vec4<f32>();
  for (var e = first; e < end; e++) {
    let begin = index[e] * params.share;
    let behind = min(begin + params.share, params.out_size);
    for (var k = begin; k < behind; k++) {
      let w = weight[k * params.in_size + row];
      let at = k * width + column;
      s0 += w * dy[at];
      s1 += w * dy[at + 1u];
      s2 += w * dy[at + 2u];
      s3 += w * dy[at + 3u];
    }
  }
  let sums = array<vec4<f32>, 4>(s0, s1, s2, s3);
  let count = min(4u, width - column);
  for (var i = 0u; i < count; i++) {
    let at = row * width + column + i;
    let made = saved[at];
    dx[at] = sums[i] * vec4<f32>(slope(made.x), slope(made.y), slope(made.z), slope(made.w));
  }
}
