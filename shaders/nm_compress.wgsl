// values: the kept weights of a layer, side by side as its index names them (see lib/nm.wgsl); 0 for rows that a last line
// does not have. A thread a slot.
struct Params { out_size: u32, in_size: u32, m: u32, share: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> weight: array<f32>;
@group(1) @binding(2) var<storage, read> index: array<u32>;
@group(1) @binding(3) var<storage, read_write> values: array<f32>;
// include nm
// include nm_slots

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let slots = index[1];
  let slot = id.x;
  let line = id.y;
  if (slot >= slots) { return; }
  let column = column_of(line_at(line), slot, index[0]);
  for (var r = 0u; r < params.share; r++) {
    let row = line * params.share + r;
    var value = 0.0;
    if (row < params.out_size) { value = weight[row * params.in_size + column]; }
    values[(line * slots + slot) * params.share + r] = value;
  }
}
