// y (width, tokens) = x + row of the table (context, width) for the token's place in its sequence.
// include index
struct Params { width: u32, context: u32, tokens: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> x: array<f32>;
@group(1) @binding(2) var<storage, read> table: array<f32>;
@group(1) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = flat_index(group, groups, local, 64u);
  if (i >= params.width * params.tokens) { return; }
  y[i] = x[i] + table[i % params.tokens % params.context * params.width + i / params.tokens];
}
