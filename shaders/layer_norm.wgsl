// y (features, batch) = gain * (x - mean) * rstd + shift; mean and rstd over the features of an example are kept
// in stats (2, batch). One thread an example, features ascending, two passes.
// include index
struct Params { features: u32, batch: u32, epsilon: f32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> x: array<f32>;
@group(1) @binding(2) var<storage, read> gain: array<f32>;
@group(1) @binding(3) var<storage, read> shift: array<f32>;
@group(1) @binding(4) var<storage, read_write> y: array<f32>;
@group(1) @binding(5) var<storage, read_write> stats: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let b = flat_index(group, groups, local, 64u);
  if (b >= params.batch) { return; }
  let n = f32(params.features);
  var sum = 0.0;
  for (var f = 0u; f < params.features; f++) { sum += x[f * params.batch + b]; }
  let mean = sum / n;
  var squares = 0.0;
  for (var f = 0u; f < params.features; f++) {
    let d = x[f * params.batch + b] - mean;
    squares += d * d;
  }
  let rstd = inverseSqrt(squares / n + params.epsilon);
  stats[b] = mean;
  stats[params.batch + b] = rstd;
  for (var f = 0u; f < params.features; f++) {
    let at = f * params.batch + b;
    y[at] = gain[f] * ((x[at] - mean) * rstd) + shift[f];
  }
}
