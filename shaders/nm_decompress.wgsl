// weight (out, in): the values of a layer at the places that its index names (see lib/nm.wgsl), all others 0. A thread a line.
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
  let line = flat_index(group, groups, local, 64u);
  if (line >= nm_lines()) { return; }
  let n = index[0];
  let slots = index[1];
  let first = line * params.share;
  let rows = min(params.share, params.out_size - first);
  for (var i = first * params.in_size; i < (first + rows) * params.in_size; i++) { weight[i] = 0.0; }
  var walk = walk_from(line_at(line), n);
  let bits = nm_bits();
  for (var slot = 0u; slot < slots; slot++) {
    let column = next_column(&walk, bits, n);
    for (var r = 0u; r < rows; r++) { weight[(first + r) * params.in_size + column] = values[(line * slots + slot) * params.share + r]; }
  }
}
