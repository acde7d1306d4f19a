// grow_keys: KEPT where the drop kept the weight, else its score, 0 between layers; those dropped just now have a score
// only where `regrow` is set. Second half of a mask update: who may enter.
// include index
// include knob
// include select
struct Params { n: u32, regrow: u32, global: u32, seed: u32, step_knob: u32 }
// slot score
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> weights: array<vec4<f32>>;
@group(1) @binding(2) var<storage, read> gradients: array<vec4<f32>>;
@group(1) @binding(3) var<storage, read> keys: array<vec4<u32>>;
@group(1) @binding(4) var<storage, read> cuts: array<u32>;
@group(1) @binding(5) var<storage, read> segments: array<u32>;
@group(1) @binding(6) var<storage, read> blocks: array<u32>;
@group(1) @binding(7) var<storage, read_write> grow_keys: array<vec4<u32>>;

// A thread takes a word of 32 weights, which belong to one layer.
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let word = flat_index(group, groups, local, 64u);
  if (word * 32u >= params.n) { return; }
  let layer = blocks[word >> 1u];
  let cut = select(layer, 0u, params.global != 0u) * CUT_WORDS;
  let cut_key = cuts[cut];
  let cut_index = cuts[cut + 1u];
  // Between layers lie unused elements, up to the next 256-byte boundary.
  let first = segments[layer * 2u];
  let length = segments[layer * 2u + 1u];
  for (var q = word * 8u; q < word * 8u + 8u; q++) {
    let before = keys[q];
    let w = weights[q];
    let g = gradients[q];
    var found = vec4<u32>(0u);
    for (var c = 0u; c < 4u; c++) {
      let i = 4u * q + c;
      if (taken(before[c], i, cut_key, cut_index)) { found[c] = KEPT; }
      else if (i - first < length && (before[c] == 0u || params.regrow != 0u)) { found[c] = score_key(w[c], g[c], i); }
    }
    grow_keys[q] = found;
  }
}
