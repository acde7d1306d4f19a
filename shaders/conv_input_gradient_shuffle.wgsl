// dX (channels, height, width, batch) = (W^T * dY (out, rows, columns, batch)) * act'(X): the slope of the layer that
// made X, from its output. A thread computes ROWS channels of one position for 4 examples, as one vec4. For batch % 4 == 0.
// Order of sums: one accumulator an input, ascending over out, kernel row and kernel column, the bits of
// conv_input_gradient.
// The threads of a workgroup have the same position and channels, so that the taps that meet it are the same for all: each
// of the LANES threads of a subgroup finds another tap, and its place and weights reach all by shuffles. Needs subgroups of
// exactly LANES threads, in order of local index.
// Reads beyond the edge are harmless (WebGPU keeps them inside the buffer) and their sums are never stored.
enable subgroups;
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

// Taps from `first` to before `end`, in steps of the stride.
fn taps(first: u32, end: u32) -> u32 {
  return (max(end, first) - first + params.stride - 1u) / params.stride;
}

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let lane = local % LANES;
  let i = group.y * groups.x + group.x;
  // In vec4, as is b.
  let width = params.batch / 4u;
  let tiles = (width + THREADS - 1u) / THREADS;
  let positions = params.height * params.width;
  let b = i % tiles * THREADS + local;
  let position = i / tiles % positions;
  let c = i / (tiles * positions) * ROWS;
  let row = position / params.width;
  let column = position % params.width;
  let start_y = first_meeting(row, params.stride, params.padding, params.out_height);
  let start_x = first_meeting(column, params.stride, params.padding, params.out_width);
  let across = taps(start_x, end_meeting(column, params.padding, params.kernel_width));
  let meeting = across * taps(start_y, end_meeting(row, params.padding, params.kernel_height));
  let area = params.kernel_height * params.kernel_width;
  let count = params.out_channels * meeting;
  var sums: array<vec4<f32>, ROWS>;
  var held: array<f32, ROWS>;
  for (var base = 0u; base < count; base += LANES) {
    let o = (base + lane) / meeting;
    let v = start_y + (base + lane) % meeting / across * params.stride;
    let u = start_x + (base + lane) % meeting % across * params.stride;
    let k = (o * params.channels + c) * area + v * params.kernel_width + u;
    let up = o * params.out_height + (row + params.padding - v) / params.stride;
    let at = (up * params.out_width + (column + params.padding - u) / params.stride) * width;
    for (var r = 0u; r < ROWS; r++) { held[r] = weight[k + r * area]; }
    let steps = min(LANES, count - base);
    for (var j = 0u; j < steps; j++) {
      let right = dy[subgroupShuffle(at, j) + b];
      for (var r = 0u; r < ROWS; r++) { sums[r] += subgroupShuffle(held[r], j) * right; }
    }
  }
  if (b >= width) { return; }
  // A bound that only the run knows keeps the driver from unrolling, so the slope is compiled once.
  let rows = min(ROWS, params.channels - min(c, params.channels));
  for (var r = 0u; r < rows; r++) {
    let to = ((c + r) * positions + position) * width + b;
    let made = saved[to];
    dx[to] = sums[r] * vec4<f32>(slope(made.x), slope(made.y), slope(made.z), slope(made.w));
  }
}
