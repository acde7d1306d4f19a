// Y (out, batch) = close(W X) over the kept weights alone; a thread computes one row by 16 columns. For batch % 4 == 0.
// Order of sums: k ascending, one accumulator an output: the bits of nm_forward.
// Reads beyond the edge are harmless (WebGPU keeps them inside the buffer), their sums never stored.
// include index
// include activation
struct Params { out_size: u32, in_size: u32, batch: u32, m: u32, share: u32, activation: u32, has_bias: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> values: array<f32>;
@group(1) @binding(2) var<storage, read> index: array<u32>;
@group(1) @binding(3) var<storage, read> x: array<vec4<f32>>;
@group(1) @binding(4) var<storage, read> beside: array<f32>;
@group(1) @binding(5) var<storage, read_write> y: array<vec4<f32>>;
// include nm
// include nm_slots
// slot close

// The four columns from `at` on, counted in vec4.
fn closed(v: vec4<f32>, row: u32, at: u32) -> vec4<f32> {
  return vec4<f32>(close(v.x, row, 4u * at), close(v.y, row, 4u * at + 1u), close(v.z, row, 4u * at + 2u), close(v.w, row, 4u * at + 3u));
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let id = flat_index(group, groups, local, 64u);
  let width = params.batch / 4u;
  let tiles = (width + 3u) / 4u;
  let row = id / tiles;
  // In vec4.
  let column = (id % tiles) * 4u;
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
    let at = next_column(&walk, bits, n) * width + column;
    s0 += w * x[at];
    s1 += w * x[at + 1u];
    s2 += w * x[at + 2u];
    s3 += w * x[at + 3u];
  }
  let sums = array<vec4<f32>, 4>(s0, s1, s2, s3);
  let count = min(4u, width - column);
  for (var i = 0u; i < count; i++) {
    let at = row * width + column + i;
    y[at] = closed(sums[i], row, at);
  }
}
