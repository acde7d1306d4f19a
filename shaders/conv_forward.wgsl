// Y (out, rows, columns, batch) = act(W (out, channels, kernel) * X (channels, height, width, batch) + bias (out)): the
// cross-correlation that networks call a convolution, taps outside the picture left out. One thread an output; one
// accumulator, ascending over channel, kernel row and kernel column.
// include index
// include activation
// include conv
struct Params {
  out_channels: u32, channels: u32, height: u32, width: u32, out_height: u32, out_width: u32,
  kernel_height: u32, kernel_width: u32, stride: u32, padding: u32, batch: u32, activation: u32, has_bias: u32,
}
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> weight: array<f32>;
@group(1) @binding(2) var<storage, read> x: array<f32>;
@group(1) @binding(3) var<storage, read> bias: array<f32>;
@group(1) @binding(4) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = flat_index(group, groups, local, 64u);
  let b = i % params.batch;
  let position = i / params.batch % (params.out_height * params.out_width);
  let o = i / (params.batch * params.out_height * params.out_width);
  if (o >= params.out_channels) { return; }
  let row = position / params.out_width;
  let column = position % params.out_width;
  let end_y = end_tap(row, params.stride, params.padding, params.height, params.kernel_height);
  let end_x = end_tap(column, params.stride, params.padding, params.width, params.kernel_width);
  var sum = 0.0;
  for (var c = 0u; c < params.channels; c++) {
    for (var v = first_tap(row, params.stride, params.padding); v < end_y; v++) {
      for (var u = first_tap(column, params.stride, params.padding); u < end_x; u++) {
        let down = row * params.stride + v - params.padding;
        let right = column * params.stride + u - params.padding;
        let k = (c * params.kernel_height + v) * params.kernel_width + u;
        sum += weight[o * params.channels * params.kernel_height * params.kernel_width + k]
          * x[((c * params.height + down) * params.width + right) * params.batch + b];
      }
    }
  }
  if (params.has_bias != 0u) { sum += bias[o]; }
  y[i] = activate(params.activation, sum);
}
