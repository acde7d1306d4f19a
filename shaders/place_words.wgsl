// y[at + i] = x[i], word by word, whatever the words mean; `at` is a knob. The rest of y stays.
// include index
// include knob
struct Params { n: u32, size: u32, at_knob: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> x: array<u32>;
@group(1) @binding(2) var<storage, read_write> y: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = flat_index(group, groups, local, 64u);
  let at = knob_u32(params.at_knob) + i;
  if (i >= params.n || at >= params.size) { return; }
  y[at] = x[i];
}
