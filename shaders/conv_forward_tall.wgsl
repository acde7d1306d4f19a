// Y (out, rows, columns, batch) = act(W (out, channels, kernel) * X (channels, height, width, batch) + bias (out)); a
// thread computes 16 channels of one position for 8 examples, as two vec4. For batch % 4 == 0. An implicit product: taps are
// read where they lie in X.
// Order of sums: one accumulator an output, ascending over channel, kernel row and kernel column, the bits of conv_forward.
// Each thread keeps 16 x 8 sums in registers, written out by hand: on SwiftShader a loop over an array of sums is 7 times
// slower. Reads beyond the edge are harmless (WebGPU keeps them inside the buffer) and their sums are never stored.
// include index
// include activation
// include conv
struct Params {
  out_channels: u32, channels: u32, height: u32, width: u32, out_height: u32, out_width: u32,
  kernel_height: u32, kernel_width: u32, stride: u32, padding: u32, batch: u32, activation: u32, has_bias: u32,
}
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> weight: array<f32>;
@group(1) @binding(2) var<storage, read> x: array<vec4<f32>>;
@group(1) @binding(3) var<storage, read> bias: array<f32>;
@group(1) @binding(4) var<storage, read_write> y: array<vec4<f32>>;

fn act(v: f32) -> f32 {
  return activate(params.activation, v);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = flat_index(group, groups, local, 64u);
  // In vec4, as is b.
  let width = params.batch / 4u;
  let tiles = (width + 1u) / 2u;
  let positions = params.out_height * params.out_width;
  let b = i % tiles * 2u;
  let position = i / tiles % positions;
  let o = i / (tiles * positions) * 16u;
  if (o >= params.out_channels) { return; }
  let row = position / params.out_width;
  let column = position % params.out_width;
  let start_y = first_tap(row, params.stride, params.padding);
  let start_x = first_tap(column, params.stride, params.padding);
  let end_y = end_tap(row, params.stride, params.padding, params.height, params.kernel_height);
  let end_x = end_tap(column, params.stride, params.padding, params.width, params.kernel_width);
  let depth = params.channels * params.kernel_height * params.kernel_width;
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
  for (var c = 0u; c < params.channels; c++) {
    for (var v = start_y; v < end_y; v++) {
      let down = c * params.height + row * params.stride + v - params.padding;
      for (var u = start_x; u < end_x; u++) {
        let at = (down * params.width + column * params.stride + u - params.padding) * width + b;
        let x0 = x[at];
        let x1 = x[at + 1u];
        let k = o * depth + (c * params.kernel_height + v) * params.kernel_width + u;
        let l0 = weight[k];
        s0a += l0 * x0; s0b += l0 * x1;
        let l1 = weight[k + depth];
        s1a += l1 * x0; s1b += l1 * x1;
        let l2 = weight[k + 2u * depth];
        s2a += l2 * x0; s2b += l2 * x1;
        let l3 = weight[k + 3u * depth];
        s3a += l3 * x0; s3b += l3 * x1;
        let l4 = weight[k + 4u * depth];
        s4a += l4 * x0; s4b += l4 * x1;
        let l5 = weight[k + 5u * depth];
        s5a += l5 * x0; s5b += l5 * x1;
        let l6 = weight[k + 6u * depth];
        s6a += l6 * x0; s6b += l6 * x1;
        let l7 = weight[k + 7u * depth];
        s7a += l7 * x0; s7b += l7 * x1;
        let l8 = weight[k + 8u * depth];
        s8a += l8 * x0; s8b += l8 * x1;
        let l9 = weight[k + 9u * depth];
        s9a += l9 * x0; s9b += l9 * x1;
        let l10 = weight[k + 10u * depth];
        s10a += l10 * x0; s10b += l10 * x1;
        let l11 = weight[k + 11u * depth];
        s11a += l11 * x0; s11b += l11 * x1;
        let l12 = weight[k + 12u * depth];
        s12a += l12 * x0; s12b += l12 * x1;
        let l13 = weight[k + 13u * depth];
        s13a += l13 * x0; s13b += l13 * x1;
        let l14 = weight[k + 14u * depth];
        s14a += l14 * x0; s14b += l14 * x1;
        let l15 = weight[k + 15u * depth];
        s15a += l15 * x0; s15b += l15 * x1;
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
  let count = min(32u, 2u * (params.out_channels - o));
  for (var r = 0u; r < count; r++) {
    let channel = o + r / 2u;
    let place = b + r % 2u;
    if (place >= width) { continue; }
    var v = sums[r];
    if (params.has_bias != 0u) { v += bias[channel]; }
    y[(channel * positions + position) * width + place] = vec4<f32>(act(v.x), act(v.y), act(v.z), act(v.w));
  }
}
