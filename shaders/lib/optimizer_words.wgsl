// An optimizer over the flat vector: whoever includes this has a rule, next_quad and next_one. Where the mask bit is 0,
// weight and slots are 0 before and after, and nothing is read or written. Nothing changes once the divergence flag is up.
// include index
// include params_table

// The 32 elements from quad `first` on, of which `bits` are inside the mask. What is outside is 0 already, and stays so.
fn next_word(rule: Rule, first: u32, bits: u32) {
  if (bits == 0xffffffffu) {
    for (var q = first; q < first + 8u; q++) { next_quad(rule, q, vec4<bool>(true)); }
    return;
  }
  for (var left = bits; left != 0u; left &= left - 1u) {
    let i = countTrailingZeros(left);
    next_one(rule, first + i / 4u, i % 4u);
  }
}

// The first masked / 64 threads take a block of 64 elements with mask bits each, the others 16 elements without.
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let thread = flat_index(group, groups, local, 64u);
  let blocks = params.masked / 64u;
  let masked = thread < blocks;
  let first = select(4u * thread + 12u * blocks, 16u * thread, masked);
  if (first * 4u >= params.n) { return; }
  var bits = vec2<u32>(0xffffffffu);
  if (masked) { bits = vec2<u32>(mask[2u * thread], mask[2u * thread + 1u]); }
  if ((bits.x | bits.y) == 0u || status[STATUS_BAD_STEP] != NO_STEP) { return; }
  let tensor = params.blocks + table[first / 16u] * TENSOR_WORDS;
  if (table[tensor + 2u] == 0u) { return; }
  let rule = rule_of(tensor);
  if (masked) {
    next_word(rule, first, bits.x);
    next_word(rule, first + 8u, bits.y);
  } else {
    for (var q = first; q < first + 4u; q++) { next_quad(rule, q, vec4<bool>(true)); }
  }
}
