// dx (channels x positions, batch) = gain * rstd * (g - mean(g) - xhat * mean(g * xhat)), means over positions and batch of
// the channel, from sums (2, channels) of g and g * xhat; g = dy * act' from the output y.
// include index
// include span
// include activation
struct Params { channels: u32, positions: u32, batch: u32, epsilon: f32, activation: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> x: array<f32>;
@group(1) @binding(2) var<storage, read> gain: array<f32>;
@group(1) @binding(3) var<storage, read> stats: array<f32>;
@group(1) @binding(4) var<storage, read> sums: array<f32>;
@group(1) @binding(5) var<storage, read> y: array<f32>;
@group(1) @binding(6) var<storage, read> dy: array<f32>;
@group(1) @binding(7) var<storage, read_write> dx: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let span = span_at(flat_index(group, groups, local, 64u), params.batch);
  let c = span.row / params.positions;
  if (c >= params.channels) { return; }
  let n = f32(params.positions * params.batch);
  let mean = stats[c];
  let rstd = inverseSqrt(stats[params.channels + c] + params.epsilon);
  let scale = gain[c] * rstd;
  let mean_g = sums[c] / n;
  let mean_gx = sums[params.channels + c] / n;
  for (var i = span.row * params.batch + span.start; i < span.row * params.batch + span.end; i++) {
    let g = dy[i] * slope_from_output(params.activation, y[i]);
    dx[i] = scale * (g - mean_g - (x[i] - mean) * rstd * mean_gx);
  }
}
