// keys: score of every active weight, 0 elsewhere. First half of a mask update: who may stay.
// include index
// include knob
// include select
struct Params { n: u32, seed: u32, step_knob: u32 }
// slot score
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> weights: array<f32>;
@group(1) @binding(2) var<storage, read> gradients: array<f32>;
@group(1) @binding(3) var<storage, read> mask: array<u32>;
@group(1) @binding(4) var<storage, read_write> keys: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = flat_index(group, groups, local, 64u);
  if (i >= params.n) { return; }
  var key = 0u;
  if (((mask[i >> 5u] >> (i & 31u)) & 1u) == 1u) { key = score_key(weights[i], gradients[i], i); }
  keys[i] = key;
}
