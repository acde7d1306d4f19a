// One thread a segment walks its 256 counts from the top, finds the digit in which the k-th candidate lies, adds it to
// the path, and empties the histogram. Once all that begin like the path are taken, the cut is final: at the latest
// after digit 6, and mostly before the index is looked at.
// include index
// include select
// include radix
struct Params { segments: u32, digit: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read_write> cuts: array<u32>;
@group(1) @binding(2) var<storage, read_write> histogram: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let segment = flat_index(group, groups, local, 64u);
  if (segment >= params.segments) { return; }
  let at = segment * CUT_WORDS;
  if (cuts[at + 3u] == DECIDED) { return; }
  // How many are still to be taken on the path.
  let wanted = cuts[at + 2u];
  var left = wanted;
  var found = wanted == 0u;
  for (var step = 0u; step < 256u; step++) {
    let value = 255u - step;
    let count = histogram[segment * 256u + value];
    histogram[segment * 256u + value] = 0u;
    if (found) { continue; }
    if (count < left) {
      left -= count;
      continue;
    }
    found = true;
    if (params.digit < 4u) { cuts[at] |= value << (24u - 8u * params.digit); }
    else { cuts[at + 1u] |= value << (16u - 8u * (params.digit - 4u)); }
    cuts[at + 2u] = left;
    // All that begin like this are taken: the cut lies below the least that they could be.
    if (count == left) {
      cuts[at + 1u] = select(INDEX_MASK, INDEX_MASK - cuts[at + 1u], params.digit >= 4u);
      cuts[at + 3u] = DECIDED;
    }
  }
  // Only digit 0 can want nothing, or more than there is.
  if (wanted == 0u || !found) {
    cuts[at] = select(EVERYTHING, NOTHING, wanted == 0u);
    cuts[at + 3u] = DECIDED;
  }
}
