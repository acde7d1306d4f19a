// dX (channels, height, width, batch) = (W^T * dY (out, rows, columns, batch)) * act'(X): the slope of the layer that
// made X, from its output. A thread computes 16 channels of one position for 8 examples, as two vec4. For batch % 4 == 0.
// Order of sums: one accumulator an input, ascending over out, kernel row and kernel column, the bits of
// conv_input_gradient.
// Each thread keeps 16 x 8 sums in registers, written out by hand: on SwiftShader a loop over an array of sums is 7 times
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
@group(1) @binding(2) var<storage, read> dy: array<vec4<f32>>;
@group(1) @binding(3) var<storage, read> saved: array<vec4<f32>>;
@group(1) @binding(4) var<storage, read_write> dx: array<vec4<f32>>;

fn slope(v: f32) -> f32 {
  return slope_from_output(params.activation, v);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = flat_index(group, groups, local, 64u);
  // In vec4, as is b.
  let width = params.batch / 4u;
  let tiles = (width + 1u) / 2u;
  let positions = params.height * params.width;
  let b = i % tiles * 2u;
  let position = i / tiles % positions;
  let c = i / (tiles * positions) * 16u;
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
  var s8a = vec4<f32>(); var s8b = vec4<f32>();
  var s9a = vec4<f32>(); var s9b = vec4<f32>();
  var s10a = vec4<f32>(); var s10b = vec4<f32>();
  var s11a = vec4<f32>(); var s11b = vec4<f32>();
  var s12a = vec4<f32>(); var s12b = vec4<f32>();
  var s13a = vec4<f32>(); var s13b = vec4<f32>();
  var s14a = vec4<f32>(); var s14b = vec4<f32>();
  var s15a = vec4<f32>(); var s15b = vec4<f32>();
  for (var o = 0u; o < params.out_channels; o++) {
    for (var v = start_y; v < end_y; v += params.stride) {
      let up = o * params.out_height + (row + params.padding - v) / params.stride;
      for (var u = start_x; u < end_x; u += params.stride) {
        let at = (up * params.out_width + (column + params.padding - u) / params.stride) * width + b;
        let d0 = dy[at];
        let d1 = dy[at + 1u];
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
        let l8 = weight[k + 8u * area];
        s8a += l8 * d0; s8b += l8 * d1;
        let l9 = weight[k + 9u * area];
        s9a += l9 * d0; s9b += l9 * d1;
        let l10 = weight[k + 10u * area];
        s10a += l10 * d0; s10b += l10 * d1;
        let l11 = weight[k + 11u * area];
        s11a += l11 * d0; s11b += l11 * d1;
        let l12 = weight[k + 12u * area];
        s12a += l12 * d0; s12b += l12 * d1;
        let l13 = weight[k + 13u * area];
        s13a += l13 * d0; s13b += l13 * d1;
        let l14 = weight[k + 14u * area];
        s14a += l14 * d0; s14b += l14 * d1;
        let l15 = weight[k + 15u * area];
        s15a += l15 * d0; s15b += l15 * d1;
      }
    }
  }
  let sums = array<vec4<f32>, 32>(
    s0a, s0b, s1a, s1b, s2a, s2b, s3a, s3b,
    s4a, s4b, s5a, s5b, s6a, s6b, s7a, s7b,
    s8a, s8b, s9a, s9b, s10a, s10b, s11a, s11b,
    s12a, s12b, s13a, s13b, s14a, s14b, s15a, s15b,
  );
  // A bound that only the run knows keeps the driver from unrolling, so that what follows is compiled once.
  let count = min(32u, 2u * (params.channels - c));
  for (var r = 0u; r < count; r++) {
    let place = b + r % 2u;
    if (place >= width) { continue; }
    let at = ((c + r / 2u) * positions + position) * width + place;
    let made = saved[at];
    dx[at] = sums[r] * vec4<f32>(slope(made.x), slope(made.y), slope(made.z), slope(made.w));
  }
}
