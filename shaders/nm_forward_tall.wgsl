// Y (out, batch) = close(W X) over the kept weights alone; a thread computes 8 rows of a line by 16 columns, so that an
// index and the inputs are read once for 8 rows. For share % 8 == 0 and batch % 4 == 0.
// Order of sums: k ascending, one accumulator an output: the bits of nm_forward.
// Sums are written out by hand: on SwiftShader a loop over an array of them is 7 times slower. Reads beyond the edge are
// harmless (WebGPU keeps them inside the buffer), their sums never stored.
// include index
// include activation
struct Params { out_size: u32, in_size: u32, batch: u32, m: u32, share: u32, activation: u32, has_bias: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> values: array<vec4<f32>>;
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
  let row = id / tiles * 8u;
  // In vec4.
  let column = (id % tiles) * 4u;
  if (row >= params.out_size) { return; }
  let n = index[0];
  let bits = nm_bits();
  let slots = index[1];
  let line = row / params.share;
  var walk = walk_from(line_at(line), n);
  // In vec4: the rows of a slot lie side by side.
  let stride = params.share / 4u;
  var value = line * slots * stride + row % params.share / 4u;
  var s0a = vec4<f32>(); var s0b = vec4<f32>(); var s0c = vec4<f32>(); var s0d = vec4<f32>();
  var s1a = vec4<f32>(); var s1b = vec4<f32>(); var s1c = vec4<f32>(); var s1d = vec4<f32>();
  var s2a = vec4<f32>(); var s2b = vec4<f32>(); var s2c = vec4<f32>(); var s2d = vec4<f32>();
  var s3a = vec4<f32>(); var s3b = vec4<f32>(); var s3c = vec4<f32>(); var s3d = vec4<f32>();
  var s4a = vec4<f32>(); var s4b = vec4<f32>(); var s4c = vec4<f32>(); var s4d = vec4<f32>();
  var s5a = vec4<f32>(); var s5b = vec4<f32>(); var s5c = vec4<f32>(); var s5d = vec4<f32>();
  var s6a = vec4<f32>(); var s6b = vec4<f32>(); var s6c = vec4<f32>(); var s6d = vec4<f32>();
  var s7a = vec4<f32>(); var s7b = vec4<f32>(); var s7c = vec4<f32>(); var s7d = vec4<f32>();
  for (var slot = 0u; slot < slots; slot++) {
    let w0 = values[value];
    let w1 = values[value + 1u];
    value += stride;
    let at = next_column(&walk, bits, n) * width + column;
    let xa = x[at];
    let xb = x[at + 1u];
    let xc = x[at + 2u];
    let xd = x[at + 3u];
    s0a += w0.x * xa; s0b += w0.x * xb; s0c += w0.x * xc; s0d += w0.x * xd;
    s1a += w0.y * xa; s1b += w0.y * xb; s1c += w0.y * xc; s1d += w0.y * xd;
    s2a += w0.z * xa; s2b += w0.z * xb; s2c += w0.z * xc; s2d += w0.z * xd;
    s3a += w0.w * xa; s3b += w0.w * xb; s3c += w0.w * xc; s3d += w0.w * xd;
    s4a += w1.x * xa; s4b += w1.x * xb; s4c += w1.x * xc; s4d += w1.x * xd;
    s5a += w1.y * xa; s5b += w1.y * xb; s5c += w1.y * xc; s5d += w1.y * xd;
    s6a += w1.z * xa; s6b += w1.z * xb; s6c += w1.z * xc; s6d += w1.z * xd;
    s7a += w1.w * xa; s7b += w1.w * xb; s7c += w1.w * xc; s7d += w1.w * xd;
  }
  let sums = array<vec4<f32>, 32>(
    s0a, s0b, s0c, s0d, s1a, s1b, s1c, s1d,
    s2a, s2b, s2c, s2d, s3a, s3b, s3c, s3d,
    s4a, s4b, s4c, s4d, s5a, s5b, s5c, s5d,
    s6a, s6b, s6c, s6d, s7a, s7b, s7c, s7d,
  );
  let across = min(4u, width - column);
  // A bound that only the run knows keeps the driver from unrolling, so what closes a sum is compiled once.
  let count = 4u * min(8u, params.out_size - row);
  for (var i = 0u; i < count; i++) {
    if (i % 4u >= across) { continue; }
    let o = row + i / 4u;
    let at = o * width + column + i % 4u;
    y[at] = closed(sums[i], o, at);
  }
}
