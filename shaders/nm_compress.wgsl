// values: the kept weights of a layer, side by side as its index names them (see lib/nm.wgsl); 0 for rows that a last line
// does not have. A thread a slot.
// include index
struct Params { out_size: u32, in_size: u32, m: u32, share: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> weight: array<f32>;
@group(1) @binding(2) var<storage, read> index: array<u32>;
@group(1) @binding(3) var<storage, read_write> values: array<f32>;
// include nm
// include nm_slots

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let id = flat_index(group, groups, local, 64u);
  let n = index[0];
  let slots = slots_of(n);
  let line = id / slots;
  if (line >= nm_lines()) { return; }
  let column = column_of(1u + line * words_of(slots), id % slots, n);
  for (var r = 0u; r < params.share; r++) {
    let row = line * params.share + r;
    var value = 0.0;
    if (row < params.out_size) { value = weight[row * params.in_size + column]; }
    values[id * params.share + r] = value;
  }
}
