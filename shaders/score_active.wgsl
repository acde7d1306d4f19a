// keys: score of every active weight, 0 elsewhere. First dispatch of a mask update (who may stay), so it also empties
// the row that mask_commit will count into.
// include index
// include knob
// include select
// include status
struct Params { n: u32, layers: u32, ring_rows: u32, seed: u32, step_knob: u32, update_knob: u32 }
// slot score
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> weights: array<f32>;
@group(1) @binding(2) var<storage, read> gradients: array<f32>;
@group(1) @binding(3) var<storage, read> mask: array<u32>;
@group(1) @binding(4) var<storage, read_write> keys: array<u32>;
@group(1) @binding(5) var<storage, read_write> status: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = flat_index(group, groups, local, 64u);
  if (i >= params.n) { return; }
  if (i < params.layers * COUNT_WORDS && status[STATUS_BAD_STEP] == NO_STEP) {
    let row = knob_u32(params.update_knob) % params.ring_rows;
    status[STATUS_COUNTS + row * params.layers * COUNT_WORDS + i] = 0u;
  }
  var key = 0u;
  if (((mask[i >> 5u] >> (i & 31u)) & 1u) == 1u) { key = score_key(weights[i], gradients[i], i); }
  keys[i] = key;
}
