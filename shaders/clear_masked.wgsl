// Weights and optimizer slots outside the mask become 0, one thread a word of 32 weights: what trains afterwards relies
// on it. slots holds `slots` buffers of slot_stride elements.
// include index
struct Params { words: u32, slots: u32, slot_stride: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> mask: array<u32>;
@group(1) @binding(2) var<storage, read_write> weights: array<f32>;
@group(1) @binding(3) var<storage, read_write> slots: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let word = flat_index(group, groups, local, 64u);
  if (word >= params.words) { return; }
  let bits = mask[word];
  for (var j = 0u; j < 32u; j++) {
    if (((bits >> j) & 1u) == 1u) { continue; }
    weights[word * 32u + j] = 0.0;
    for (var s = 0u; s < params.slots; s++) { slots[s * params.slot_stride + word * 32u + j] = 0.0; }
  }
}
