// Shares what an update grows among the layers, in proportion to the means of layer_average.wgsl: redistribution.ts says how.
// One thread: there are a handful of layers. Before, a layer's cut to grow asks for as many as it dropped.
// include knob
struct Params { layers: u32, regrow: u32, grow_knob: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> segments: array<u32>;
@group(1) @binding(2) var<storage, read> keep_cuts: array<u32>;
@group(1) @binding(3) var<storage, read_write> means: array<u32>;
@group(1) @binding(4) var<storage, read_write> grow_cuts: array<u32>;
const CUT_WORDS = 4u;

// floor(a * b / c) for b <= c < 2^30: long division, bit by bit of a.
fn proportion(a: u32, b: u32, c: u32) -> u32 {
  var quotient = 0u;
  var rest = 0u;
  for (var bit = 32u; bit > 0u; bit--) {
    rest = 2u * rest + select(0u, b, ((a >> (bit - 1u)) & 1u) == 1u);
    let more = rest / c;
    quotient = 2u * quotient + more;
    rest -= more * c;
  }
  return quotient;
}

fn room_of(layer: u32) -> u32 {
  let length = segments[layer * 2u + 1u];
  // Those dropped may come back, or only those that were out before.
  return length - select(means[layer * 3u + 2u], keep_cuts[layer * CUT_WORDS + 2u], params.regrow == 1u);
}

// Adds at most `most` to what a layer grows; tells how many.
fn give(layer: u32, most: u32) -> u32 {
  let at = layer * CUT_WORDS + 2u;
  let given = min(most, room_of(layer) - grow_cuts[at]);
  grow_cuts[at] += given;
  return given;
}

fn weight_of(layer: u32) -> u32 {
  return select(0u, means[layer * 3u], grow_cuts[layer * CUT_WORDS + 2u] < room_of(layer));
}

@compute @workgroup_size(1)
fn main() {
  var left = knob_u32(params.grow_knob);
  var largest = 0u;
  for (var layer = 0u; layer < params.layers; layer++) {
    left += grow_cuts[layer * CUT_WORDS + 2u];
    if (means[layer * 3u] > 0u) { largest = max(largest, means[layer * 3u + 1u]); }
  }
  for (var layer = 0u; layer < params.layers; layer++) {
    let at = layer * 3u;
    // Without any mean, by what was dropped.
    if (largest == 0u) { means[at] = grow_cuts[layer * CUT_WORDS + 2u]; }
    else if (means[at] > 0u) { means[at] >>= min(31u, largest - means[at + 1u]); }
    grow_cuts[layer * CUT_WORDS + 2u] = 0u;
  }
  var given = 1u;
  while (given > 0u) {
    given = 0u;
    var all = 0u;
    for (var layer = 0u; layer < params.layers; layer++) { all += weight_of(layer); }
    if (all == 0u) { break; }
    for (var layer = 0u; layer < params.layers; layer++) { given += give(layer, proportion(left, weight_of(layer), all)); }
    left -= given;
  }
  for (var layer = 0u; layer < params.layers; layer++) {
    if (means[layer * 3u] > 0u && left > 0u) { left -= give(layer, 1u); }
  }
  for (var layer = 0u; layer < params.layers; layer++) { left -= give(layer, left); }
}
