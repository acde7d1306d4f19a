// As select_count, but a workgroup of 256 threads counts its 1,024 elements in workgroup memory first: fewer storage atomics,
// two barriers. Elements of one workgroup may lie in several segments; those of the first go the fast way.
// include select
// include radix
struct Params { n: u32, digit: u32, global: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> keys: array<u32>;
@group(1) @binding(2) var<storage, read> blocks: array<u32>;
@group(1) @binding(3) var<storage, read> cuts: array<u32>;
@group(1) @binding(4) var<storage, read_write> histogram: array<atomic<u32>>;
var<workgroup> counts: array<atomic<u32>, 256>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let start = (group.y * groups.x + group.x) * 1024u;
  let last_block = (params.n - 1u) >> 6u;
  let home = select(blocks[min(start >> 6u, last_block)], 0u, params.global != 0u);
  atomicStore(&counts[local], 0u);
  workgroupBarrier();
  for (var j = 0u; j < 4u; j++) {
    let i = start + j * 256u + local;
    if (i >= params.n) { continue; }
    let key = keys[i];
    if (!is_candidate(key)) { continue; }
    let segment = select(blocks[i >> 6u], 0u, params.global != 0u);
    let inverted = INDEX_MASK - i;
    if (cuts[segment * CUT_WORDS + 3u] == DECIDED) { continue; }
    if (!on_path(params.digit, key, inverted, cuts[segment * CUT_WORDS], cuts[segment * CUT_WORDS + 1u])) { continue; }
    let digit = digit_of(params.digit, key, inverted);
    if (segment == home) { atomicAdd(&counts[digit], 1u); } else { atomicAdd(&histogram[segment * 256u + digit], 1u); }
  }
  workgroupBarrier();
  let count = atomicLoad(&counts[local]);
  if (count > 0u) { atomicAdd(&histogram[home * 256u + local], count); }
}
