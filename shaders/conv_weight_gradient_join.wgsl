// dW (out, taps) and db (out) = sum of the chunks of parts (chunks, out, taps + bias), ascending; one thread an element.
// include index
struct Params { out_channels: u32, taps: u32, has_bias: u32, chunks: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> parts: array<f32>;
@group(1) @binding(2) var<storage, read_write> dw: array<f32>;
@group(1) @binding(3) var<storage, read_write> db: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = flat_index(group, groups, local, 64u);
  let columns = params.taps + params.has_bias;
  let size = params.out_channels * columns;
  if (i >= size) { return; }
  var sum = parts[i];
  for (var c = 1u; c < params.chunks; c++) { sum += parts[c * size + i]; }
  let o = i / columns;
  let k = i % columns;
  if (k < params.taps) { dw[o * params.taps + k] = sum; } else { db[o] = sum; }
}
