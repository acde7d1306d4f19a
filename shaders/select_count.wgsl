// histogram (segment, 256) += how many candidates on the path have each value of digit `digit`. Integer atomics in
// storage: no barrier. Sums of integers have no order. A thread takes a block of 64 elements, which belong to one segment;
// equal digits one after another, of which high digits have many, are added at once.
// include index
// include select
// include radix
struct Params { n: u32, digit: u32, global: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> keys: array<vec4<u32>>;
@group(1) @binding(2) var<storage, read> blocks: array<u32>;
@group(1) @binding(3) var<storage, read> cuts: array<u32>;
@group(1) @binding(4) var<storage, read_write> histogram: array<atomic<u32>>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let part = flat_index(group, groups, local, 64u);
  if (part * 64u >= params.n) { return; }
  let segment = select(blocks[part], 0u, params.global != 0u);
  let cut = segment * CUT_WORDS;
  if (cuts[cut + 3u] == DECIDED) { return; }
  let cut_key = cuts[cut];
  let cut_inverted = cuts[cut + 1u];
  var held = 0u;
  var count = 0u;
  for (var q = part * 16u; q < part * 16u + 16u; q++) {
    let four = keys[q];
    if (all(four == vec4<u32>(0u))) { continue; }
    for (var c = 0u; c < 4u; c++) {
      let key = four[c];
      let inverted = INDEX_MASK - (4u * q + c);
      if (!is_candidate(key) || !on_path(params.digit, key, inverted, cut_key, cut_inverted)) { continue; }
      let digit = digit_of(params.digit, key, inverted);
      if (digit != held && count > 0u) {
        atomicAdd(&histogram[segment * 256u + held], count);
        count = 0u;
      }
      held = digit;
      count++;
    }
  }
  if (count > 0u) { atomicAdd(&histogram[segment * 256u + held], count); }
}
