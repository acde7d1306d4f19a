// cuts: exact top-k of each segment by counting ranks: a thread an element, no barrier, no atomic. Quadratic, for
// small layers. The element of rank k - 1 writes the cut; k comes from the knob row (k_knob + segment).
// include index
// include knob
// include select
struct Params { n: u32, global: u32, k_knob: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> keys: array<u32>;
@group(1) @binding(2) var<storage, read> segments: array<u32>;
@group(1) @binding(3) var<storage, read> blocks: array<u32>;
@group(1) @binding(4) var<storage, read_write> cuts: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = flat_index(group, groups, local, 64u);
  if (i >= params.n) { return; }
  let segment = select(blocks[i >> 6u], 0u, params.global != 0u);
  var first = 0u;
  var end = params.n;
  if (params.global == 0u) {
    first = segments[segment * 2u];
    end = first + segments[segment * 2u + 1u];
  }
  let k = knob_u32(params.k_knob + segment);
  let at = segment * CUT_WORDS;
  let key = keys[i];
  // The first thread of a segment answers where no rank does: k = 0, or more wanted than there are.
  if (i != first && !is_candidate(key)) { return; }
  var rank = 0u;
  var candidates = 0u;
  for (var j = first; j < end; j++) {
    let other = keys[j];
    if (!is_candidate(other)) { continue; }
    candidates++;
    if (other > key || (other == key && j < i)) { rank++; }
  }
  if (k == 0u || k > candidates) {
    if (i == first) {
      cuts[at] = select(EVERYTHING, NOTHING, k == 0u);
      cuts[at + 1u] = 0u;
    }
  } else if (is_candidate(key) && rank == k - 1u) {
    cuts[at] = key;
    cuts[at + 1u] = i;
  }
}
