// y = x + length * gradients / |gradients| in the first `moved` elements, else x: parameters a little way along the
// gradient. partials are its squared sums, from gradient_stats; a gradient of 0 moves nothing.
// include index
struct Params { n: u32, moved: u32, partials: u32, length: f32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> x: array<f32>;
@group(1) @binding(2) var<storage, read> gradients: array<f32>;
@group(1) @binding(3) var<storage, read> partials: array<f32>;
@group(1) @binding(4) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = flat_index(group, groups, local, 64u);
  if (i >= params.n) { return; }
  var squares = 0.0;
  for (var p = 0u; p < params.partials; p++) { squares += partials[p]; }
  y[i] = x[i];
  if (i < params.moved && squares > 0.0) { y[i] = x[i] + params.length * (gradients[i] / sqrt(squares)); }
}
