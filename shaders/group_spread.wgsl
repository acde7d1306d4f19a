// What was found of groups, told of their weights, so that mask_commit can take it: weight_keys is KEPT where keys is, 1 where
// the group was taken, else 0; weight_cuts take everything that has a key. A thread takes 32 weights of one layer.
// include index
// include select
// include groups
struct Params { words: u32, segments: u32, global: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> keys: array<u32>;
@group(1) @binding(2) var<storage, read> cuts: array<u32>;
@group(1) @binding(3) var<storage, read> blocks: array<u32>;
@group(1) @binding(4) var<storage, read> group_table: array<u32>;
@group(1) @binding(5) var<storage, read_write> weight_keys: array<u32>;
@group(1) @binding(6) var<storage, read_write> weight_cuts: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let word = flat_index(group, groups, local, 64u);
  if (word >= params.words) { return; }
  for (var i = word; i < params.segments * CUT_WORDS; i += params.words) { weight_cuts[i] = EVERYTHING; }
  let layer = blocks[word >> 1u];
  let cut = select(layer, 0u, params.global != 0u) * CUT_WORDS;
  let at = layer * GROUP_WORDS;
  let first = group_table[at];
  let width = group_table[at + 2u];
  let across = group_table[at + 4u];
  let weights = group_table[at + 1u] * width;
  let cut_key = cuts[cut];
  let cut_index = cuts[cut + 1u];
  // From weight to weight without a division: the group, and how far into it and into its row.
  var own = group_of(layer, word * 32u);
  var column = (word * 32u - first) % width;
  var inside = column % across;
  for (var i = word * 32u; i < word * 32u + 32u; i++) {
    var found = 0u;
    if (i - first < weights) {
      let key = keys[own];
      found = select(select(0u, 1u, taken(key, own, cut_key, cut_index)), KEPT, key == KEPT);
    }
    weight_keys[i] = found;
    column++;
    inside++;
    if (column == width) {
      column = 0u;
      inside = 0u;
      own = group_of(layer, i + 1u);
    } else if (inside == across) {
      inside = 0u;
      own++;
    }
  }
}
