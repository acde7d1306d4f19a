// y = x / (1 - rate) where the counter generator says keep, else 0. Forward and backward are the same kernel.
// include index
// include knob
// include random
struct Params { n: u32, rate: f32, seed: u32, layer: u32, step_knob: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> x: array<f32>;
@group(1) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = flat_index(group, groups, local, 64u);
  if (i >= params.n) { return; }
  // The layer is mixed into the seed so that two layers never share a pattern.
  let u = random_uniform(params.seed + params.layer * 0x9e3779b9u, PURPOSE_DROPOUT, knob_u32(params.step_knob), i);
  y[i] = select(x[i] / (1.0 - params.rate), 0.0, u < params.rate);
}
