// After a threshold for all layers: counts what it left to each layer, takes a share of that, and begins the two radix
// selections by layer, of those that stay and of those that enter. A workgroup of 256 threads takes a layer. All numbers
// are whole: sums of integers have no order, and the share is a u32 in units of 2^-32 (shareCount in counts.ts).
// include knob
// include select
struct Params { layers: u32, regrow: u32, rounding: u32, share_knob: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> keys: array<u32>;
@group(1) @binding(2) var<storage, read> cuts: array<u32>;
@group(1) @binding(3) var<storage, read> segments: array<u32>;
@group(1) @binding(4) var<storage, read_write> keep_cuts: array<u32>;
@group(1) @binding(5) var<storage, read_write> grow_cuts: array<u32>;
@group(1) @binding(6) var<storage, read_write> keep_histogram: array<u32>;
@group(1) @binding(7) var<storage, read_write> grow_histogram: array<u32>;
// Of the part that a thread has walked: active before the update, and left by the threshold.
var<workgroup> before: array<u32, 256>;
var<workgroup> left: array<u32, 256>;

// Upper word of a * b + c.
fn high_word(a: u32, b: u32, c: u32) -> u32 {
  let low = (a & 0xffffu) * (b & 0xffffu);
  let middle = (a >> 16u) * (b & 0xffffu) + (low >> 16u);
  let other = (a & 0xffffu) * (b >> 16u) + (middle & 0xffffu);
  let high = (a >> 16u) * (b >> 16u) + (middle >> 16u) + (other >> 16u);
  let total = ((other << 16u) | (low & 0xffffu)) + c;
  return high + select(0u, 1u, total < c);
}

fn share_of(n: u32) -> u32 {
  var added = n;
  if (params.rounding == 1u) { added = 0x80000000u + n; }
  if (params.rounding == 2u) { added = 0xffffffffu; }
  return high_word(n, knob_u32(params.share_knob), added);
}

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let layer = group.x;
  let first = segments[layer * 2u];
  let length = segments[layer * 2u + 1u];
  var own_before = 0u;
  var own_left = 0u;
  for (var i = first + local; i < first + length; i += 256u) {
    if (is_candidate(keys[i])) { own_before++; }
    if (taken(keys[i], i, cuts[0], cuts[1])) { own_left++; }
  }
  before[local] = own_before;
  left[local] = own_left;
  keep_histogram[layer * 256u + local] = 0u;
  grow_histogram[layer * 256u + local] = 0u;
  workgroupBarrier();
  for (var width = 128u; width > 0u; width >>= 1u) {
    if (local < width) {
      before[local] += before[local + width];
      left[local] += left[local + width];
    }
    workgroupBarrier();
  }
  if (local > 0u) { return; }
  var exchanged = share_of(left[0]);
  // Those dropped may not return: no more are dropped than there are others.
  if (params.regrow == 0u) { exchanged = min(exchanged, length - before[0]); }
  for (var word = 0u; word < CUT_WORDS; word++) {
    keep_cuts[layer * CUT_WORDS + word] = select(0u, left[0] - exchanged, word == 2u);
    grow_cuts[layer * CUT_WORDS + word] = select(0u, exchanged, word == 2u);
  }
}
