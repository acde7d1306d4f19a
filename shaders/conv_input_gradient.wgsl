// dX (channels, height, width, batch) = (W^T * dY (out, rows, columns, batch)) * act'(X): the slope of the layer that
// made X, from its output. One thread an input; one accumulator, ascending over out, kernel row and kernel column.
// include index
// include activation
// include conv
struct Params {
  out_channels: u32, channels: u32, height: u32, width: u32, out_height: u32, out_width: u32,
  kernel_height: u32, kernel_width: u32, stride: u32, padding: u32, batch: u32, activation: u32,
}
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> weight: array<f32>;
@group(1) @binding(2) var<storage, read> dy: array<f32>;
@group(1) @binding(3) var<storage, read> saved: array<f32>;
@group(1) @binding(4) var<storage, read_write> dx: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = flat_index(group, groups, local, 64u);
  let b = i % params.batch;
  let position = i / params.batch % (params.height * params.width);
  let c = i / (params.batch * params.height * params.width);
  if (c >= params.channels) { return; }
  let row = position / params.width;
  let column = position % params.width;
  let end_y = end_meeting(row, params.padding, params.kernel_height);
  let end_x = end_meeting(column, params.padding, params.kernel_width);
  var sum = 0.0;
  for (var o = 0u; o < params.out_channels; o++) {
    for (var v = first_meeting(row, params.stride, params.padding, params.out_height); v < end_y; v += params.stride) {
      for (var u = first_meeting(column, params.stride, params.padding, params.out_width); u < end_x; u += params.stride) {
        let up = (row + params.padding - v) / params.stride;
        let left = (column + params.padding - u) / params.stride;
        sum += weight[((o * params.channels + c) * params.kernel_height + v) * params.kernel_width + u]
          * dy[((o * params.out_height + up) * params.out_width + left) * params.batch + b];
      }
    }
  }
  dx[i] = sum * slope_from_output(params.activation, saved[i]);
}
