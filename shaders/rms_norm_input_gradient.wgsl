// dx (features, batch) = scale * (g - xhat * mean(g * xhat)) with g = gain * dy, xhat = x * scale.
// include index
struct Params { features: u32, batch: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> x: array<f32>;
@group(1) @binding(2) var<storage, read> gain: array<f32>;
@group(1) @binding(3) var<storage, read> scales: array<f32>;
@group(1) @binding(4) var<storage, read> dy: array<f32>;
@group(1) @binding(5) var<storage, read_write> dx: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let b = flat_index(group, groups, local, 64u);
  if (b >= params.batch) { return; }
  let scale = scales[b];
  var sum = 0.0;
  for (var f = 0u; f < params.features; f++) {
    let at = f * params.batch + b;
    sum += gain[f] * dy[at] * (x[at] * scale);
  }
  let mean = sum / f32(params.features);
  for (var f = 0u; f < params.features; f++) {
    let at = f * params.batch + b;
    dx[at] = scale * (gain[f] * dy[at] - x[at] * scale * mean);
  }
}
