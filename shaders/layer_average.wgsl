// Mean size of the average gradient over the active weights of one layer, and how many of its candidates were active: what
// redistribute.wgsl shares growth by. One workgroup; each thread sums every 256th weight, then halves are added to halves.
// The mean is a quotient of whole numbers, bits and exponent, because f32 division may be off by some last bits.
// include select
struct Params { layer: u32, first: u32, length: u32, candidates: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> average: array<f32>;
@group(1) @binding(2) var<storage, read> mask: array<u32>;
@group(1) @binding(3) var<storage, read> keys: array<u32>;
@group(1) @binding(4) var<storage, read> segments: array<u32>;
// Of each layer: bits, exponent + 512, active candidates.
@group(1) @binding(5) var<storage, read_write> means: array<u32>;
const LEAST_MEAN = 0x100000u;
var<workgroup> sums: array<f32, 256>;
var<workgroup> actives: array<u32, 256>;
var<workgroup> befores: array<u32, 256>;

@compute @workgroup_size(256)
fn main(@builtin(local_invocation_index) local: u32) {
  var sum = 0.0;
  var members = 0u;
  for (var i = local; i < params.length; i += 256u) {
    let flat = params.first + i;
    if (((mask[flat >> 5u] >> (flat & 31u)) & 1u) == 0u) { continue; }
    members++;
    let size = abs(average[flat]);
    if (bitcast<u32>(size) >= 0x800000u) { sum += size; }
  }
  let first = segments[params.layer * 2u];
  var before = 0u;
  for (var i = local; i < params.candidates; i += 256u) {
    if (is_candidate(keys[first + i])) { before++; }
  }
  sums[local] = sum;
  actives[local] = members;
  befores[local] = before;
  workgroupBarrier();
  for (var width = 128u; width > 0u; width >>= 1u) {
    if (local < width) {
      sums[local] += sums[local + width];
      actives[local] += actives[local + width];
      befores[local] += befores[local + width];
    }
    workgroupBarrier();
  }
  if (local > 0u) { return; }
  let bits = bitcast<u32>(sums[0]);
  let divisor = actives[0];
  let biased = bits >> 23u;
  let at = params.layer * 3u;
  means[at] = 0u;
  means[at + 1u] = 0u;
  means[at + 2u] = befores[0];
  if (divisor == 0u || biased == 0u || biased >= 255u) { return; }
  let mantissa = (bits & 0x7fffffu) | 0x800000u;
  var whole = mantissa / divisor;
  var rest = mantissa % divisor;
  // Biased by 512, which no quotient falls below.
  var exponent = biased + 362u;
  while (whole < LEAST_MEAN) {
    rest *= 2u;
    whole *= 2u;
    if (rest >= divisor) {
      whole++;
      rest -= divisor;
    }
    exponent--;
  }
  while (whole >= 2u * LEAST_MEAN) {
    whole >>= 1u;
    exponent++;
  }
  means[at] = whole;
  means[at + 1u] = exponent;
}
