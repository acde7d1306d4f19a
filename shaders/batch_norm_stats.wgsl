// stats (2, channels): mean and variance (divided by the count) of each channel over its positions and the batch, from
// rows (2, channels x positions) of batch_norm_rows. One thread a channel, positions ascending: since all rows are equally
// long, the mean is that of their means, and the deviations of the means add to the squares (Chan et al. 1979).
// include index
struct Params { channels: u32, positions: u32, batch: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> rows: array<f32>;
@group(1) @binding(2) var<storage, read_write> stats: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let c = flat_index(group, groups, local, 64u);
  if (c >= params.channels) { return; }
  let start = c * params.positions;
  let squares_at = params.channels * params.positions;
  let n = f32(params.positions);
  var sum = 0.0;
  for (var p = 0u; p < params.positions; p++) { sum += rows[start + p]; }
  let mean = sum / n;
  var squares = 0.0;
  for (var p = 0u; p < params.positions; p++) {
    let d = rows[start + p] - mean;
    squares += rows[squares_at + start + p] + f32(params.batch) * (d * d);
  }
  stats[c] = mean;
  stats[params.channels + c] = squares / (n * f32(params.batch));
}
