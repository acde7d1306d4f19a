// Y (out, rows, columns, batch) = act(W (out, channels, kernel) * X (channels, height, width, batch) + bias (out)); a
// thread computes ROWS channels of one position for 4 examples, as one vec4. For batch % 4 == 0.
// Order of sums: one accumulator an output, ascending over channel, kernel row and kernel column, the bits of conv_forward.
// The threads of a workgroup have the same position and channels, so that the taps inside the picture are the same for all:
// each of the LANES threads of a subgroup finds another tap, and its place and weights reach all by shuffles. Needs
// subgroups of exactly LANES threads, in order of local index.
// Reads beyond the edge are harmless (WebGPU keeps them inside the buffer) and their sums are never stored.
enable subgroups;
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

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let lane = local % LANES;
  let i = group.y * groups.x + group.x;
  // In vec4, as is b.
  let width = params.batch / 4u;
  let tiles = (width + THREADS - 1u) / THREADS;
  let positions = params.out_height * params.out_width;
  let b = i % tiles * THREADS + local;
  let position = i / tiles % positions;
  let o = i / (tiles * positions) * ROWS;
  let row = position / params.out_width;
  let column = position % params.out_width;
  let start_y = first_tap(row, params.stride, params.padding);
  let start_x = first_tap(column, params.stride, params.padding);
  let across = end_tap(column, params.stride, params.padding, params.width, params.kernel_width) - start_x;
  let inside = across * (end_tap(row, params.stride, params.padding, params.height, params.kernel_height) - start_y);
  let depth = params.channels * params.kernel_height * params.kernel_width;
  let count = params.channels * inside;
  var sums: array<vec4<f32>, ROWS>;
  var held: array<f32, ROWS>;
  for (var base = 0u; base < count; base += LANES) {
    let c = (base + lane) / inside;
    let v = start_y + (base + lane) % inside / across;
    let u = start_x + (base + lane) % inside % across;
    let k = (c * params.kernel_height + v) * params.kernel_width + u;
    let at = ((c * params.height + row * params.stride + v - params.padding) * params.width + column * params.stride + u - params.padding) * width;
    for (var r = 0u; r < ROWS; r++) { held[r] = weight[(o + r) * depth + k]; }
    let steps = min(LANES, count - base);
    for (var j = 0u; j < steps; j++) {
      let right = x[subgroupShuffle(at, j) + b];
      for (var r = 0u; r < ROWS; r++) { sums[r] += subgroupShuffle(held[r], j) * right; }
    }
  }
  if (b >= width) { return; }
  // A bound that only the run knows keeps the driver from unrolling, so the activation is compiled once.
  let rows = min(ROWS, params.out_channels - min(o, params.out_channels));
  for (var r = 0u; r < rows; r++) {
    var v = sums[r];
    if (params.has_bias != 0u) { v += bias[o + r]; }
    y[((o + r) * positions + position) * width + b] = vec4<f32>(act(v.x), act(v.y), act(v.z), act(v.w));
  }
}
