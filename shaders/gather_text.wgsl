// Of the windows of a text that indices name: ids (batch x context), the codes of their characters, one window after
// another, and labels, the code of the character behind each. Codes lie four a word; window i begins at code i * stride.
// include index
struct Params { batch: u32, context: u32, stride: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> codes: array<u32>;
@group(1) @binding(2) var<storage, read> indices: array<u32>;
@group(1) @binding(3) var<storage, read_write> ids: array<u32>;
@group(1) @binding(4) var<storage, read_write> labels: array<u32>;

fn code(at: u32) -> u32 {
  return (codes[at >> 2u] >> (8u * (at & 3u))) & 255u;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = flat_index(group, groups, local, 64u);
  if (i >= params.batch * params.context) { return; }
  let at = indices[i / params.context] * params.stride + i % params.context;
  ids[i] = code(at);
  labels[i] = code(at + 1u);
}
