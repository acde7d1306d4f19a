// counts (layer, 1024) += candidates by the upper ten bits of their keys, less one: of magnitudes the exponent and two bits
// of the mantissa. Integer atomics: sums of integers have no order. A thread takes a block of 64 elements, which belong to
// one layer. kept_cuts = cuts, which the selection leaves in memory that others use after it.
// include index
// include select
struct Params { n: u32, cut_words: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> keys: array<u32>;
@group(1) @binding(2) var<storage, read> blocks: array<u32>;
@group(1) @binding(3) var<storage, read> cuts: array<u32>;
@group(1) @binding(4) var<storage, read_write> counts: array<atomic<u32>>;
@group(1) @binding(5) var<storage, read_write> kept_cuts: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let part = flat_index(group, groups, local, 64u);
  let parts = params.n / 64u;
  if (part >= parts) { return; }
  for (var i = part; i < params.cut_words; i += parts) { kept_cuts[i] = cuts[i]; }
  let first = blocks[part] * 1024u;
  for (var i = part * 64u; i < part * 64u + 64u; i++) {
    let key = keys[i];
    if (!is_candidate(key)) { continue; }
    atomicAdd(&counts[first + min((key - 1u) >> 21u, 1023u)], 1u);
  }
}
