// As optimizer_words, for masks of blocks, which have quads (four neighbouring elements) whole: four threads go through
// their 256 elements together, a quad each at a time, so that neighbouring threads mostly do the same.
// include index
// include params_table

// The quads of 64 elements that thread `lane` of four takes.
fn next_quads(at: u32, lane: u32) {
  // What has no mask counts in full.
  var words = array<u32, 2>(0xffffffffu, 0xffffffffu);
  if (at < params.masked / 64u) { words = array<u32, 2>(mask[2u * at], mask[2u * at + 1u]); }
  let tensor = params.blocks + table[at] * TENSOR_WORDS;
  if ((words[0] | words[1]) == 0u || table[tensor + 2u] == 0u) { return; }
  let rule = rule_of(tensor);
  for (var i = 0u; i < 4u; i++) {
    let q = 16u * at + 4u * i + lane;
    let bits = (words[i / 2u] >> (16u * (i % 2u) + 4u * lane)) & 15u;
    if (bits == 15u) {
      next_quad(rule, q);
      continue;
    }
    for (var left = bits; left != 0u; left &= left - 1u) { next_one(rule, q, countTrailingZeros(left)); }
  }
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  if (status[STATUS_BAD_STEP] != NO_STEP) { return; }
  let thread = flat_index(group, groups, local, 64u);
  let first = thread / 4u * 4u;
  let end = min(first + 4u, params.n / 64u);
  for (var at = first; at < end; at++) { next_quads(at, thread % 4u); }
}
