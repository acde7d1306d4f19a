// parts (chunks, out, taps + bias): chunk c of dW (out, channels, kernel) = dY (out, rows, columns, batch) * X (channels,
// height, width, batch), and in a last column of db (out) = sum of dY. A chunk is `chunk` positions of the output; one
// thread an element, one accumulator, ascending over position, then batch. What lies outside the picture counts as 0.
// include index
// include conv_taps
struct Params {
  out_channels: u32, channels: u32, height: u32, width: u32, out_height: u32, out_width: u32,
  kernel_height: u32, kernel_width: u32, stride: u32, padding: u32, batch: u32, has_bias: u32, chunk: u32,
}
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> dy: array<f32>;
@group(1) @binding(2) var<storage, read> x: array<f32>;
@group(1) @binding(3) var<storage, read_write> parts: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = flat_index(group, groups, local, 64u);
  let columns = tap_count() + params.has_bias;
  let k = i % columns;
  let o = i / columns % params.out_channels;
  let start = i / (columns * params.out_channels) * params.chunk;
  let positions = params.out_height * params.out_width;
  if (start >= positions) { return; }
  var sum = 0.0;
  for (var p = start; p < min(start + params.chunk, positions); p++) {
    let place = tap_place(k, p);
    for (var b = 0u; b < params.batch; b++) {
      sum += dy[(o * positions + p) * params.batch + b] * select(outside(k), x[place.at + b], place.inside);
    }
  }
  parts[i] = sum;
}
