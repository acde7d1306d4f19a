// y (channels x positions, batch) = act(gain * (x - mean) / sqrt(variance + epsilon) + shift), all four a channel; stats
// (2, channels) holds mean and variance.
// include index
// include span
// include activation
struct Params { channels: u32, positions: u32, batch: u32, epsilon: f32, activation: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> x: array<f32>;
@group(1) @binding(2) var<storage, read> gain: array<f32>;
@group(1) @binding(3) var<storage, read> shift: array<f32>;
@group(1) @binding(4) var<storage, read> stats: array<f32>;
@group(1) @binding(5) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let span = span_at(flat_index(group, groups, local, 64u), params.batch);
  let c = span.row / params.positions;
  if (c >= params.channels) { return; }
  let mean = stats[c];
  let rstd = inverseSqrt(stats[params.channels + c] + params.epsilon);
  let scale = gain[c];
  let offset = shift[c];
  for (var i = span.row * params.batch + span.start; i < span.row * params.batch + span.end; i++) {
    y[i] = activate(params.activation, scale * ((x[i] - mean) * rstd) + offset);
  }
}
