// indices (batch): which examples the batch holds, in order; see lib/sampler.wgsl.
// include index
// include knob
// include sampler
struct Params { batch: u32, size: u32, sampler: u32, seed: u32, epoch_knob: u32, position_knob: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read_write> indices: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let b = flat_index(group, groups, local, 64u);
  if (b >= params.batch) { return; }
  indices[b] = sampled_index(params.sampler, params.seed, knob_u32(params.epoch_knob), knob_u32(params.position_knob) + b, params.size);
}
