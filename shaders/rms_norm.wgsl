// y (features, batch) = gain * x / rms(x), rms over the features of an example with epsilon inside the root; its inverse is
// kept in scales (batch). One thread an example, features ascending.
// include index
struct Params { features: u32, batch: u32, epsilon: f32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> x: array<f32>;
@group(1) @binding(2) var<storage, read> gain: array<f32>;
@group(1) @binding(3) var<storage, read_write> y: array<f32>;
@group(1) @binding(4) var<storage, read_write> scales: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let b = flat_index(group, groups, local, 64u);
  if (b >= params.batch) { return; }
  var squares = 0.0;
  for (var f = 0u; f < params.features; f++) {
    let v = x[f * params.batch + b];
    squares += v * v;
  }
  let scale = inverseSqrt(squares / f32(params.features) + params.epsilon);
  scales[b] = scale;
  for (var f = 0u; f < params.features; f++) {
    let at = f * params.batch + b;
    y[at] = gain[f] * (x[at] * scale);
  }
}
