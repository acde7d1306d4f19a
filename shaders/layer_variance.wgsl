// Of each layer, over the values that the mask names: how many there are, and the sum of their squared deviations from
// their mean, scaled. One workgroup a layer; each thread takes every 256th value, then halves are added to halves.
struct Params { layers: u32, scale: f32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> values: array<f32>;
@group(1) @binding(2) var<storage, read> mask: array<u32>;
@group(1) @binding(3) var<storage, read> segments: array<u32>;
// Of each layer: count, bits of the sum.
@group(1) @binding(4) var<storage, read_write> spreads: array<u32>;
var<workgroup> sums: array<f32, 256>;
var<workgroup> counts: array<u32, 256>;

fn is_counted(i: u32) -> bool { return ((mask[i >> 5u] >> (i & 31u)) & 1u) == 1u; }

// What all threads hold, added up in one order. Leaves the array free to be written again.
fn total(local: u32) -> f32 {
  workgroupBarrier();
  for (var width = 128u; width > 0u; width >>= 1u) {
    if (local < width) {
      sums[local] += sums[local + width];
      counts[local] += counts[local + width];
    }
    workgroupBarrier();
  }
  let found = sums[0];
  workgroupBarrier();
  return found;
}

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let layer = group.x;
  let first = segments[2u * layer];
  let end = first + segments[2u * layer + 1u];
  var sum = 0.0;
  var count = 0u;
  for (var i = first + local; i < end; i += 256u) {
    if (is_counted(i)) {
      sum += params.scale * values[i];
      count++;
    }
  }
  sums[local] = sum;
  counts[local] = count;
  let added = total(local);
  let members = counts[0];
  let mean = added / f32(max(members, 1u));
  var squares = 0.0;
  for (var i = first + local; i < end; i += 256u) {
    let away = params.scale * values[i] - mean;
    if (is_counted(i)) { squares += away * away; }
  }
  workgroupBarrier();
  sums[local] = squares;
  let spread = total(local);
  if (local > 0u) { return; }
  spreads[2u * layer] = members;
  spreads[2u * layer + 1u] = bitcast<u32>(spread);
}
