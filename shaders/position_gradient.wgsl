// dtable (context, width): gradients of the tokens in each place, summed over the sequences in their order.
// include index
struct Params { width: u32, context: u32, tokens: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> dy: array<f32>;
@group(1) @binding(2) var<storage, read_write> dtable: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = flat_index(group, groups, local, 64u);
  if (i >= params.context * params.width) { return; }
  let line = i % params.width * params.tokens;
  var sum = 0.0;
  for (var t = i / params.width; t < params.tokens; t += params.context) { sum += dy[line + t]; }
  dtable[i] = sum;
}
