// values: the kept weights of a layer, side by side as its index names them (see lib/nm.wgsl); 0 for rows that a last line
// does not have. In memory a row lies params.down behind the one before, a column params.across: of a transposed copy, too. WALKERS threads go through the slots of a line: empty workgroups, of which a thread for each slot that there
// may be has many, take longer than the work.
// include index
struct Params { out_size: u32, in_size: u32, m: u32, share: u32, down: u32, across: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> weight: array<f32>;
@group(1) @binding(2) var<storage, read> index: array<u32>;
@group(1) @binding(3) var<storage, read_write> values: array<f32>;
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
  let whole = WALKERS / n;
  let part = WALKERS % n;
  var own = slot_at(line_at(line), id % WALKERS, n);
  while (own.slot < slots) {
    let at = (line * slots + own.slot) * params.share;
    let kept = first * params.down + place_of(own) * params.across;
    for (var r = 0u; r < rows; r++) { values[at + r] = weight[kept + r * params.down]; }
    for (var r = rows; r < params.share; r++) { values[at + r] = 0.0; }
    skip(&own, WALKERS, whole, part, n);
  }
}
