// Y (out, batch) = close(W X) over the kept weights alone, n of every m (see lib/nm.wgsl); a thread computes one row by 16
// columns. Order of sums: k ascending, one accumulator an output: the bits of linear_forward over a masked W, since what it
// adds beside these is 0. Reads beyond the edge are harmless (WebGPU keeps them inside the buffer), their sums never stored.
// include index
// include activation
struct Params { out_size: u32, in_size: u32, batch: u32, m: u32, share: u32, activation: u32, has_bias: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> values: array<f32>;
@group(1) @binding(2) var<storage, read> index: array<u32>;
@group(1) @binding(3) var<storage, read> x: array<f32>;
@group(1) @binding(4) var<storage, read> beside: array<f32>;
@group(1) @binding(5) var<storage, read_write> y: array<f32>;
// include nm
// include nm_slots
// slot close

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let id = flat_index(group, groups, local, 64u);
  let tiles = (params.batch + 15u) / 16u;
  let row = id / tiles;
  let column = (id % tiles) * 16u;
  if (row >= params.out_size) { return; }
  let n = index[0];
  let bits = nm_bits();
  let slots = index[1];
  let line = row / params.share;
  var walk = walk_from(line_at(line), n);
  var value = line * slots * params.share + row % params.share;
  var s0 = vec4<f32>();
  var s1 = vec4<f32>();
  var s2 = vec4<f32>();
  var s3 = vec4<f32>();
  for (var slot = 0u; slot < slots; slot++) {
    let w = values[value];
    value += params.share;
    let at = next_column(&walk, bits, n) * params.batch + column;
    s0 += w * vec4<f32>(x[at], x[at + 1u], x[at + 2u], x[at + 3u]);
    s1 += w * vec4<f32>(x[at + 4u], x[at + 5u], x[at + 6u], x[at + 7u]);
    s2 += w * vec4<f32>(x[at + 8u], x[at + 9u], x[at + 10u], x[at + 11u]);
    s3 += w * vec4<f32>(x[at + 12u], x[at + 13u], x[at + 14u], x[at + 15u]);
  }
  let sums = array<vec4<f32>, 4>(s0, s1, s2, s3);
  let count = min(16u, params.batch - column);
  for (var i = 0u; i < count; i++) {
    let at = row * params.batch + column + i;
    y[at] = close(sums[i / 4u][i % 4u], row, at);
  }
}
