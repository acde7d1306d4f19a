// running (2, channels) = (1 - momentum) * running + momentum * stats: mean and variance, which evaluations normalise by.
// The variance is that of a sample (divided by count - 1). Nothing changes once the divergence flag is up.
// include index
// include status
struct Params { channels: u32, count: u32, momentum: f32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> stats: array<f32>;
@group(1) @binding(2) var<storage, read> status: array<u32>;
@group(1) @binding(3) var<storage, read_write> running: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = flat_index(group, groups, local, 64u);
  if (i >= 2u * params.channels || status[STATUS_BAD_STEP] != NO_STEP) { return; }
  let n = f32(params.count);
  let sample = select(1.0, n / max(n - 1.0, 1.0), i >= params.channels);
  running[i] = (1.0 - params.momentum) * running[i] + params.momentum * (stats[i] * sample);
}
