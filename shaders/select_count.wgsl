// histogram (segment, 256) += how many candidates on the path have each value of digit `digit`. Integer atomics in
// storage: no barrier. Sums of integers have no order.
// include index
// include select
// include radix
struct Params { n: u32, digit: u32, global: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> keys: array<u32>;
@group(1) @binding(2) var<storage, read> blocks: array<u32>;
@group(1) @binding(3) var<storage, read> cuts: array<u32>;
@group(1) @binding(4) var<storage, read_write> histogram: array<atomic<u32>>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = flat_index(group, groups, local, 64u);
  if (i >= params.n) { return; }
  let key = keys[i];
  if (!is_candidate(key)) { return; }
  let segment = select(blocks[i >> 6u], 0u, params.global != 0u);
  let inverted = INDEX_MASK - i;
  if (!on_path(params.digit, key, inverted, cuts[segment * CUT_WORDS], cuts[segment * CUT_WORDS + 1u])) { return; }
  atomicAdd(&histogram[segment * 256u + digit_of(params.digit, key, inverted)], 1u);
}
