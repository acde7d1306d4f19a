// rows (2, features): sums of g and of g * xhat over the batch, with g = dy * act' from the output y and
// xhat = (x - mean) / sqrt(variance + epsilon). One thread a feature, batch ascending.
// include index
// include activation
struct Params { channels: u32, positions: u32, batch: u32, epsilon: f32, activation: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> x: array<f32>;
@group(1) @binding(2) var<storage, read> stats: array<f32>;
@group(1) @binding(3) var<storage, read> y: array<f32>;
@group(1) @binding(4) var<storage, read> dy: array<f32>;
@group(1) @binding(5) var<storage, read_write> rows: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let f = flat_index(group, groups, local, 64u);
  let features = params.channels * params.positions;
  if (f >= features) { return; }
  let c = f / params.positions;
  let mean = stats[c];
  let rstd = inverseSqrt(stats[params.channels + c] + params.epsilon);
  var sum = 0.0;
  var sum_x = 0.0;
  for (var i = f * params.batch; i < (f + 1u) * params.batch; i++) {
    let g = dy[i] * slope_from_output(params.activation, y[i]);
    sum += g;
    sum_x += g * ((x[i] - mean) * rstd);
  }
  rows[f] = sum;
  rows[features + f] = sum_x;
}
