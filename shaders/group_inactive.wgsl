// As score_inactive, for groups: grow_keys (groups) is KEPT where the drop kept the group, else its score, 0 between layers;
// those dropped just now have a score only where `regrow` is set. A thread a group.
// include index
// include knob
// include select
struct Params { n: u32, regrow: u32, global: u32, seed: u32, step_knob: u32, reduce: u32 }
// slot score
// include group_score
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> weights: array<f32>;
@group(1) @binding(2) var<storage, read> gradients: array<f32>;
@group(1) @binding(3) var<storage, read> keys: array<u32>;
@group(1) @binding(4) var<storage, read> cuts: array<u32>;
@group(1) @binding(5) var<storage, read> blocks: array<u32>;
@group(1) @binding(6) var<storage, read> group_table: array<u32>;
@group(1) @binding(7) var<storage, read_write> grow_keys: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let flat = flat_index(group, groups, local, 64u);
  if (flat >= params.n) { return; }
  let layer = blocks[flat >> 6u];
  let cut = select(layer, 0u, params.global != 0u) * CUT_WORDS;
  let before = keys[flat];
  var found = 0u;
  if (taken(before, flat, cuts[cut], cuts[cut + 1u])) { found = KEPT; }
  else if (is_group(layer, flat) && (before == 0u || params.regrow != 0u)) { found = group_key(group_at(layer, flat)); }
  grow_keys[flat] = found;
}
