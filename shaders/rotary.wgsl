// y (heads x width, tokens): features 2 i and 2 i + 1 of each head turned by the angle of the token's place; the table
// (context, width) has their cosines and sines by turns. `direction` -1 turns back, which is the gradient.
// include index
struct Params { features: u32, width: u32, context: u32, tokens: u32, direction: f32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> x: array<f32>;
@group(1) @binding(2) var<storage, read> table: array<f32>;
@group(1) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = flat_index(group, groups, local, 64u);
  if (i >= params.features / 2u * params.tokens) { return; }
  let token = i % params.tokens;
  let even = 2u * (i / params.tokens);
  let at = token % params.context * params.width + even % params.width;
  let c = table[at];
  let s = params.direction * table[at + 1u];
  let a = x[even * params.tokens + token];
  let b = x[(even + 1u) * params.tokens + token];
  y[even * params.tokens + token] = a * c - b * s;
  y[(even + 1u) * params.tokens + token] = a * s + b * c;
}
