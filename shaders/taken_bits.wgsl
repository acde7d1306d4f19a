// bits: set where a selection took the weight. A thread takes a word of 32 weights, which belong to one layer.
// include index
// include select
struct Params { words: u32, global: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> keys: array<u32>;
@group(1) @binding(2) var<storage, read> cuts: array<u32>;
@group(1) @binding(3) var<storage, read> blocks: array<u32>;
@group(1) @binding(4) var<storage, read_write> bits: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let word = flat_index(group, groups, local, 64u);
  if (word >= params.words) { return; }
  let cut = select(blocks[word >> 1u], 0u, params.global != 0u) * CUT_WORDS;
  var found = 0u;
  for (var j = 0u; j < 32u; j++) {
    let i = word * 32u + j;
    if (taken(keys[i], i, cuts[cut], cuts[cut + 1u])) { found |= 1u << j; }
  }
  bits[word] = found;
}
