// Prepares a radix selection: cuts = (key prefix 0, index prefix 0, k, 0), and an empty histogram.
// include index
// include knob
// include select
struct Params { segments: u32, k_knob: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read_write> cuts: array<u32>;
@group(1) @binding(2) var<storage, read_write> histogram: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let at = flat_index(group, groups, local, 64u);
  if (at >= params.segments * 256u) { return; }
  histogram[at] = 0u;
  if (at < params.segments) {
    cuts[at * CUT_WORDS] = 0u;
    cuts[at * CUT_WORDS + 1u] = 0u;
    cuts[at * CUT_WORDS + 2u] = knob_u32(params.k_knob + at);
    cuts[at * CUT_WORDS + 3u] = 0u;
  }
}
