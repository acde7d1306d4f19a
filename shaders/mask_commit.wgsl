// Closes a mask update, one thread a word of 32 weights: who was kept, who was grown, the new mask, its history,
// the counts, and the restart of weights and optimizer slots: 0 outside the mask, and 0 for those new to it, unless
// keep_inactive is set.
// keys and cuts are those of the last selection: of the growth where has_grow is set, with KEPT for those kept, else of the drop.
// masks holds four bitsets of `words` words: mask, mask before this update, regrown in it, active before it at any time.
// A weight that was dropped and grown again counts as dropped, grown and regrown.
// include index
// include knob
// include select
// include status
struct Params { words: u32, layers: u32, has_grow: u32, global: u32, keep_value: u32, keep_inactive: u32, slots: u32, slot_stride: u32, ring_rows: u32, update_knob: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> keys: array<u32>;
@group(1) @binding(2) var<storage, read> cuts: array<u32>;
@group(1) @binding(3) var<storage, read> blocks: array<u32>;
@group(1) @binding(4) var<storage, read_write> masks: array<u32>;
@group(1) @binding(5) var<storage, read_write> weights: array<f32>;
@group(1) @binding(6) var<storage, read_write> slots: array<f32>;
@group(1) @binding(7) var<storage, read_write> status: array<atomic<u32>>;

fn kept_bits(word: u32) -> u32 {
  var bits = 0u;
  for (var j = 0u; j < 32u; j++) {
    if (keys[word * 32u + j] == KEPT) { bits |= 1u << j; }
  }
  return bits;
}

fn taken_bits(word: u32, segment: u32) -> u32 {
  let at = segment * CUT_WORDS;
  var bits = 0u;
  for (var j = 0u; j < 32u; j++) {
    let i = word * 32u + j;
    if (taken(keys[i], i, cuts[at], cuts[at + 1u])) { bits |= 1u << j; }
  }
  return bits;
}

fn restart(word: u32, bits: u32) {
  for (var j = 0u; j < 32u; j++) {
    if (((bits >> j) & 1u) == 0u) { continue; }
    weights[word * 32u + j] = 0.0;
    for (var s = 0u; s < params.slots; s++) { slots[s * params.slot_stride + word * 32u + j] = 0.0; }
  }
}

fn count(layer: u32, column: u32, bits: u32) {
  let row = knob_u32(params.update_knob) % params.ring_rows;
  atomicAdd(&status[STATUS_COUNTS + (row * params.layers + layer) * COUNT_WORDS + column], countOneBits(bits));
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let w = flat_index(group, groups, local, 64u);
  if (w >= params.words || atomicLoad(&status[STATUS_BAD_STEP]) != NO_STEP) { return; }
  let layer = blocks[w >> 1u];
  let chosen = taken_bits(w, select(layer, 0u, params.global != 0u));
  let before = masks[w];
  // Without a growth, what is chosen and was outside the mask was chosen anew.
  var kept = chosen & before;
  if (params.has_grow != 0u) { kept = kept_bits(w); }
  let grown = select(chosen & ~before, chosen, params.has_grow != 0u);
  let now = kept | grown;
  let regrown = grown & before;
  let fired = masks[3u * params.words + w] | before;
  if (params.keep_inactive == 0u) { restart(w, ~(kept | select(0u, regrown, params.keep_value != 0u))); }
  masks[w] = now;
  masks[params.words + w] = before;
  masks[2u * params.words + w] = regrown;
  masks[3u * params.words + w] = fired;
  count(layer, 0u, now);
  count(layer, 1u, before & ~kept);
  count(layer, 2u, grown);
  count(layer, 3u, regrown);
  count(layer, 4u, fired | now);
}
