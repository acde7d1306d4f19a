// bits: set where a selection took the weight. left: all parameters, with 0 for the weights that it did not take. A thread
// takes a word of 32 parameters, of which weights belong to one layer; behind the weights lie parameters without a mask.
// include index
// include select
struct Params { words: u32, n: u32, global: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> keys: array<u32>;
@group(1) @binding(2) var<storage, read> cuts: array<u32>;
@group(1) @binding(3) var<storage, read> blocks: array<u32>;
@group(1) @binding(4) var<storage, read> weights: array<f32>;
@group(1) @binding(5) var<storage, read_write> bits: array<u32>;
@group(1) @binding(6) var<storage, read_write> left: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let word = flat_index(group, groups, local, 64u);
  if (word * 32u >= params.n) { return; }
  let masked = word < params.words;
  let cut = select(blocks[word >> 1u], 0u, params.global != 0u || !masked) * CUT_WORDS;
  var found = 0u;
  for (var j = 0u; j < 32u; j++) {
    let i = word * 32u + j;
    if (!masked) { left[i] = weights[i]; continue; }
    let stays = taken(keys[i], i, cuts[cut], cuts[cut + 1u]);
    if (stays) { found |= 1u << j; }
    left[i] = select(0.0, weights[i], stays);
  }
  if (masked) { bits[word] = found; }
}
