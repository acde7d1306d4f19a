// As optimizer_words, for masks of blocks: a quad (four neighbouring elements) at a time, of which what is outside the mask
// is written back as it was. One loop with one body, because SwiftShader computes every body once, turns or none.
// include index
// include params_table

// The quads of a mask word that have an element in the mask: bit 4 q stands for quad q.
fn some_quads(word: u32) -> u32 {
  let pairs = word | (word >> 1u);
  return (pairs | (pairs >> 2u)) & 0x11111111u;
}

// A thread takes 64 elements.
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let at = flat_index(group, groups, local, 64u);
  if (at * 64u >= params.n || status[STATUS_BAD_STEP] != NO_STEP) { return; }
  // What has no mask counts in full.
  var words = vec2<u32>(0xffffffffu);
  if (at < params.masked / 64u) { words = vec2<u32>(mask[2u * at], mask[2u * at + 1u]); }
  let tensor = params.blocks + table[at] * TENSOR_WORDS;
  if (table[tensor + 2u] == 0u) { return; }
  let rule = rule_of(tensor);
  // Quads of the first word at bits 4 q, of the second at 4 q + 1.
  for (var left = some_quads(words.x) | (some_quads(words.y) << 1u); left != 0u; left &= left - 1u) {
    let i = countTrailingZeros(left);
    let bits = words[i & 1u] >> (i & 28u);
    next_quad(rule, 16u * at + 8u * (i & 1u) + i / 4u, (vec4<u32>(bits) & vec4<u32>(1u, 2u, 4u, 8u)) != vec4<u32>());
  }
}
