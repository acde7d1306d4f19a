// rows (2, features): mean of each feature over the batch, and its sum of squared deviations from that. One thread a
// feature, batch ascending, two passes.
// include index
struct Params { features: u32, batch: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> x: array<f32>;
@group(1) @binding(2) var<storage, read_write> rows: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let f = flat_index(group, groups, local, 64u);
  if (f >= params.features) { return; }
  let start = f * params.batch;
  var sum = 0.0;
  for (var b = 0u; b < params.batch; b++) { sum += x[start + b]; }
  let mean = sum / f32(params.batch);
  var squares = 0.0;
  for (var b = 0u; b < params.batch; b++) {
    let d = x[start + b] - mean;
    squares += d * d;
  }
  rows[f] = mean;
  rows[params.features + f] = squares;
}
