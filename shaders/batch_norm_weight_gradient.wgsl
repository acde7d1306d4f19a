// dshift (channels) and dgain (channels): the sums of g and of g * xhat over positions and batch, and both again in sums
// (2, channels) for the input gradient; from rows (2, channels x positions). One thread a channel, positions ascending.
// include index
struct Params { channels: u32, positions: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> rows: array<f32>;
@group(1) @binding(2) var<storage, read_write> sums: array<f32>;
@group(1) @binding(3) var<storage, read_write> dgain: array<f32>;
@group(1) @binding(4) var<storage, read_write> dshift: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let c = flat_index(group, groups, local, 64u);
  if (c >= params.channels) { return; }
  let start = c * params.positions;
  var sum = 0.0;
  var sum_x = 0.0;
  for (var p = start; p < start + params.positions; p++) {
    sum += rows[p];
    sum_x += rows[params.channels * params.positions + p];
  }
  sums[c] = sum;
  sums[params.channels + c] = sum_x;
  dshift[c] = sum;
  dgain[c] = sum_x;
}
