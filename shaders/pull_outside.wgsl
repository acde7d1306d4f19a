// gradients += pull * w where the mask has no bit: what draws weights outside the mask to 0 (Zhou et al. 2021). A thread takes
// the 32 elements of a word of the mask, four at a time: one thread an element takes 10 times as long on lavapipe.
// include index
// include knob
struct Params { n: u32, pull_knob: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> weights: array<vec4<f32>>;
@group(1) @binding(2) var<storage, read> mask: array<u32>;
@group(1) @binding(3) var<storage, read_write> gradients: array<vec4<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let word = flat_index(group, groups, local, 64u);
  if (word * 32u >= params.n) { return; }
  let bits = mask[word];
  let pull = knob_f32(params.pull_knob);
  for (var q = 0u; q < 8u; q++) {
    let at = 8u * word + q;
    let inside = ((vec4<u32>(bits >> (4u * q))) & vec4<u32>(1u, 2u, 4u, 8u)) != vec4<u32>();
    let g = gradients[at];
    gradients[at] = select(g + pull * weights[at], g, inside);
  }
}
