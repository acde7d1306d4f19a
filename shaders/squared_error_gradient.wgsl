// dy (features, batch) = 2 (y - target) / features * d (batch); d as in softmax_cross_entropy_gradient.
// include index
// include knob
struct Params { features: u32, batch: u32, scale: f32, scale_knob: u32, per_row: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> y: array<f32>;
@group(1) @binding(2) var<storage, read> goal: array<f32>;
@group(1) @binding(3) var<storage, read> drow: array<f32>;
@group(1) @binding(4) var<storage, read_write> dy: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = flat_index(group, groups, local, 64u);
  if (i >= params.features * params.batch) { return; }
  var d = params.scale * knob_scale(params.scale_knob);
  if (params.per_row != 0u) { d = drow[i % params.batch]; }
  dy[i] = 2.0 * (y[i] - goal[i]) / f32(params.features) * d;
}
