// dX (channels, height, width, batch) = (W^T * dY (out, rows, columns, batch)) * act'(X): the slope of the layer that
// made X, from its output. A thread computes 8 channels of one position for 8 examples.
// Order of sums: one accumulator an input, ascending over out, kernel row and kernel column, the bits of
// conv_input_gradient.
// Each thread keeps 8 x 8 sums in registers, written out by hand: on SwiftShader a loop over an array of sums is 7 times
// slower. Reads beyond the edge are harmless (WebGPU keeps them inside the buffer) and their sums are never stored.
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

fn put(at: u32, b: u32, sum: f32) {
  if (b < params.batch) { dx[at + b] = sum * slope_from_output(params.activation, saved[at + b]); }
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = flat_index(group, groups, local, 64u);
  let tiles = (params.batch + 7u) / 8u;
  let positions = params.height * params.width;
  let b = i % tiles * 8u;
  let position = i / tiles % positions;
  let c = i / (tiles * positions) * 8u;
  if (c >= params.channels) { return; }
  let row = position / params.width;
  let column = position % params.width;
  let start_y = first_meeting(row, params.stride, params.padding, params.out_height);
  let start_x = first_meeting(column, params.stride, params.padding, params.out_width);
  let end_y = end_meeting(row, params.padding, params.kernel_height);
  let end_x = end_meeting(column, params.padding, params.kernel_width);
  let area = params.kernel_height * params.kernel_width;
  var s0a = vec4<f32>(); var s0b = vec4<f32>();
  var s1a = vec4<f32>(); var s1b = vec4<f32>();
  var s2a = vec4<f32>(); var s2b = vec4<f32>();
  var s3a = vec4<f32>(); var s3b = vec4<f32>();
  var s4a = vec4<f32>(); var s4b = vec4<f32>();
  var s5a = vec4<f32>(); var s5b = vec4<f32>();
  var s6a = vec4<f32>(); var s6b = vec4<f32>();
  var s7a = vec4<f32>(); var s7b = vec4<f32>();
  for (var o = 0u; o < params.out_channels; o++) {
    for (var v = start_y; v < end_y; v += params.stride) {
      let up = o * params.out_height + (row + params.padding - v) / params.stride;
      for (var u = start_x; u < end_x; u += params.stride) {
        let at = (up * params.out_width + (column + params.padding - u) / params.stride) * params.batch + b;
        let d0 = vec4<f32>(dy[at], dy[at + 1u], dy[at + 2u], dy[at + 3u]);
        let d1 = vec4<f32>(dy[at + 4u], dy[at + 5u], dy[at + 6u], dy[at + 7u]);
        let k = (o * params.channels + c) * area + v * params.kernel_width + u;
        let l0 = weight[k];
        s0a += l0 * d0; s0b += l0 * d1;
        let l1 = weight[k + area];
        s1a += l1 * d0; s1b += l1 * d1;
        let l2 = weight[k + 2u * area];
        s2a += l2 * d0; s2b += l2 * d1;
        let l3 = weight[k + 3u * area];
        s3a += l3 * d0; s3b += l3 * d1;
        let l4 = weight[k + 4u * area];
        s4a += l4 * d0; s4b += l4 * d1;
        let l5 = weight[k + 5u * area];
        s5a += l5 * d0; s5b += l5 * d1;
        let l6 = weight[k + 6u * area];
        s6a += l6 * d0; s6b += l6 * d1;
        let l7 = weight[k + 7u * area];
        s7a += l7 * d0; s7b += l7 * d1;
      }
    }
  }
  let sums = array<vec4<f32>, 16>(
    s0a, s0b, s1a, s1b, s2a, s2b, s3a, s3b,
    s4a, s4b, s5a, s5b, s6a, s6b, s7a, s7b,
  );
  // A bound that only the run knows keeps the driver from unrolling, so that what follows is compiled once.
  let count = min(16u, 2u * (params.channels - c));
  for (var r = 0u; r < count; r++) {
    let at = ((c + r / 2u) * positions + position) * params.batch;
    let first = b + 4u * (r % 2u);
    let v = sums[r];
    put(at, first, v.x);
    put(at, first + 1u, v.y);
    put(at, first + 2u, v.z);
    put(at, first + 3u, v.w);
  }
}
