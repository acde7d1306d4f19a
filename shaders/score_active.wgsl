// keys: score of every active weight, or with `all` of every weight (and of what lies between layers), 0 elsewhere. First dispatch of a mask update (who may stay), so it also empties
// the row that mask_commit will count into.
// include index
// include knob
// include select
// include status
struct Params { n: u32, all: u32, layers: u32, ring_rows: u32, seed: u32, step_knob: u32, update_knob: u32 }
// slot score
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> weights: array<vec4<f32>>;
@group(1) @binding(2) var<storage, read> gradients: array<vec4<f32>>;
@group(1) @binding(3) var<storage, read> mask: array<u32>;
@group(1) @binding(4) var<storage, read_write> keys: array<vec4<u32>>;
@group(1) @binding(5) var<storage, read_write> status: array<u32>;

// Keys of quad q, of which `bits` are active.
fn quad_keys(q: u32, bits: u32) -> vec4<u32> {
  let w = weights[q];
  let g = gradients[q];
  var found = vec4<u32>(0u);
  for (var c = 0u; c < 4u; c++) {
    if (((bits >> c) & 1u) == 1u) { found[c] = score_key(w[c], g[c], 4u * q + c); }
  }
  return found;
}

// A thread takes a word of 32 weights.
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let word = flat_index(group, groups, local, 64u);
  let words = params.n / 32u;
  if (word >= words) { return; }
  if (status[STATUS_BAD_STEP] == NO_STEP) {
    let row = knob_u32(params.update_knob) % params.ring_rows;
    for (var i = word; i < params.layers * COUNT_WORDS; i += words) { status[STATUS_COUNTS + row * params.layers * COUNT_WORDS + i] = 0u; }
  }
  let bits = select(mask[word], 0xffffffffu, params.all != 0u);
  for (var q = 0u; q < 8u; q++) {
    let quad = (bits >> (4u * q)) & 15u;
    var found = vec4<u32>(0u);
    if (quad != 0u) { found = quad_keys(word * 8u + q, quad); }
    keys[word * 8u + q] = found;
  }
}
