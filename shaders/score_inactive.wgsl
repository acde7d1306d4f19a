// grow_keys: KEPT where the drop kept the weight, else its score, 0 between layers; those dropped just now have a score
// only where `regrow` is set. Second half of a mask update: who may enter.
// include index
// include knob
// include select
struct Params { n: u32, regrow: u32, global: u32, seed: u32, step_knob: u32 }
// slot score
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> weights: array<f32>;
@group(1) @binding(2) var<storage, read> gradients: array<f32>;
@group(1) @binding(3) var<storage, read> keys: array<u32>;
@group(1) @binding(4) var<storage, read> cuts: array<u32>;
@group(1) @binding(5) var<storage, read> segments: array<u32>;
@group(1) @binding(6) var<storage, read> blocks: array<u32>;
@group(1) @binding(7) var<storage, read_write> grow_keys: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = flat_index(group, groups, local, 64u);
  if (i >= params.n) { return; }
  let layer = blocks[i >> 6u];
  let segment = select(layer, 0u, params.global != 0u);
  let was_active = keys[i] != 0u;
  let kept = taken(keys[i], i, cuts[segment * CUT_WORDS], cuts[segment * CUT_WORDS + 1u]);
  // Between layers lie unused elements, up to the next 256-byte boundary.
  let inside = i - segments[layer * 2u] < segments[layer * 2u + 1u];
  var key = 0u;
  if (kept) { key = KEPT; }
  else if (inside && (!was_active || params.regrow != 0u)) { key = score_key(weights[i], gradients[i], i); }
  grow_keys[i] = key;
}
