// loss (batch) = mean over the features of (y - target)^2; y and target (features, batch).
// include index
struct Params { features: u32, batch: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> y: array<f32>;
@group(1) @binding(2) var<storage, read> goal: array<f32>;
@group(1) @binding(3) var<storage, read_write> loss: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let b = flat_index(group, groups, local, 64u);
  if (b >= params.batch) { return; }
  var sum = 0.0;
  for (var f = 0u; f < params.features; f++) {
    let d = y[f * params.batch + b] - goal[f * params.batch + b];
    sum += d * d;
  }
  loss[b] = sum / f32(params.features);
}
