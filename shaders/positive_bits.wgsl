// bits: element i is set where x[i] > 0; one thread a word.
// include index
struct Params { n: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> x: array<f32>;
@group(1) @binding(2) var<storage, read_write> bits: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let w = flat_index(group, groups, local, 64u);
  if (w * 32u >= params.n) { return; }
  var word = 0u;
  for (var j = 0u; j < min(32u, params.n - w * 32u); j++) {
    if (x[w * 32u + j] > 0.0) { word |= 1u << j; }
  }
  bits[w] = word;
}
