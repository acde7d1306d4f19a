// As score_active, for groups: keys (groups), the score of every active group, or with `all` of every group, 0 elsewhere; a thread a group. A group is
// active where its first weight is. Empties the row that mask_commit will count into.
// include index
// include knob
// include select
// include status
struct Params { n: u32, all: u32, layers: u32, ring_rows: u32, seed: u32, step_knob: u32, update_knob: u32, reduce: u32 }
// slot score
// include group_score
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> weights: array<f32>;
@group(1) @binding(2) var<storage, read> gradients: array<f32>;
@group(1) @binding(3) var<storage, read> mask: array<u32>;
@group(1) @binding(4) var<storage, read> blocks: array<u32>;
@group(1) @binding(5) var<storage, read> group_table: array<u32>;
@group(1) @binding(6) var<storage, read_write> keys: array<u32>;
@group(1) @binding(7) var<storage, read_write> status: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let flat = flat_index(group, groups, local, 64u);
  if (flat >= params.n) { return; }
  if (status[STATUS_BAD_STEP] == NO_STEP) {
    let row = knob_u32(params.update_knob) % params.ring_rows;
    for (var i = flat; i < params.layers * COUNT_WORDS; i += params.n) { status[STATUS_COUNTS + row * params.layers * COUNT_WORDS + i] = 0u; }
  }
  let layer = blocks[flat >> 6u];
  var found = 0u;
  if (is_group(layer, flat)) {
    let own = group_at(layer, flat);
    if (params.all != 0u || ((mask[own.first >> 5u] >> (own.first & 31u)) & 1u) == 1u) { found = group_key(own); }
  }
  keys[flat] = found;
}
