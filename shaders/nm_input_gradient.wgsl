// dX (in, batch) = (W^T dY) * slope of the layer that made X, over the kept weights alone, n of every m (see lib/nm.wgsl), by
// the lines that keep each column; a thread computes one row of dX by 16 columns. Order of sums: k ascending over out, one
// accumulator an output: the bits of linear_input_gradient over a masked W.
// Reads beyond the edge are harmless (WebGPU keeps them inside the buffer), their sums never stored.
// include index
// include activation
struct Params { out_size: u32, in_size: u32, batch: u32, m: u32, share: u32, activation: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> weight: array<f32>;
@group(1) @binding(2) var<storage, read> index: array<u32>;
@group(1) @binding(3) var<storage, read> dy: array<f32>;
@group(1) @binding(4) var<storage, read> saved: array<f32>;
@group(1) @binding(5) var<storage, read_write> dx: array<f32>;
// include nm

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let id = flat_index(group, groups, local, 64u);
  let tiles = (params.batch + 15u) / 16u;
  let row = id / tiles;
  let column = (id % tiles) * 16u;
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
      let at = k * params.batch + column;
      s0 += w * vec4<f32>(dy[at], dy[at + 1u], dy[at + 2u], dy[at + 3u]);
      s1 += w * vec4<f32>(dy[at + 4u], dy[at + 5u], dy[at + 6u], dy[at + 7u]);
      s2 += w * vec4<f32>(dy[at + 8u], dy[at + 9u], dy[at + 10u], dy[at + 11u]);
      s3 += w * vec4<f32>(dy[at + 12u], dy[at + 13u], dy[at + 14u], dy[at + 15u]);
    }
  }
  let sums = array<vec4<f32>, 4>(s0, s1, s2, s3);
  let count = min(16u, params.batch - column);
  for (var i = 0u; i < count; i++) {
    let at = row * params.batch + column + i;
    dx[at] = sums[i / 4u][i % 4u] * slope_from_output(params.activation, saved[at]);
  }
}
