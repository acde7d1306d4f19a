// gradients += pull * w where the mask has no bit: what draws weights outside the mask to 0 (Zhou et al. 2021).
// include index
// include knob
struct Params { n: u32, pull_knob: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> weights: array<f32>;
@group(1) @binding(2) var<storage, read> mask: array<u32>;
@group(1) @binding(3) var<storage, read_write> gradients: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = flat_index(group, groups, local, 64u);
  if (i >= params.n || ((mask[i >> 5u] >> (i & 31u)) & 1u) == 1u) { return; }
  gradients[i] += knob_f32(params.pull_knob) * weights[i];
}
