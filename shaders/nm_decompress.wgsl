// weight (out, in): the values of a layer at the places that its index names (see lib/nm.wgsl), all others 0. WALKERS threads go
// through the groups of a line.
// include index
struct Params { out_size: u32, in_size: u32, m: u32, share: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> values: array<f32>;
@group(1) @binding(2) var<storage, read> index: array<u32>;
@group(1) @binding(3) var<storage, read_write> weight: array<f32>;
// include nm
// include nm_slots

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let id = flat_index(group, groups, local, 64u);
  let line = id / WALKERS;
  if (line >= nm_lines()) { return; }
  let n = index[0];
  let slots = index[1];
  let first = line * params.share;
  let rows = min(params.share, params.out_size - first);
  for (var g = id % WALKERS; g * params.m < params.in_size; g += WALKERS) {
    let column = g * params.m;
    let end = min(column + params.m, params.in_size);
    var own = Slot(line_at(line), g * n, g, 0u);
    let last = min(own.slot + n, slots);
    for (var r = 0u; r < rows; r++) {
      let at = (first + r) * params.in_size;
      for (var c = column; c < end; c++) { weight[at + c] = 0.0; }
    }
    for (; own.slot < last; own.slot += 1u) {
      let at = first * params.in_size + place_of(own);
      for (var r = 0u; r < rows; r++) { weight[at + r * params.in_size] = values[(line * slots + own.slot) * params.share + r]; }
    }
  }
}
