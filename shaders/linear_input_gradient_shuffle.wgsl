// dX (in, batch) = (W^T (in, out) dY (out, batch)) * act'(X): the slope of the layer that made X, from its output.
// A thread computes ROWS rows by 4 columns, as one vec4. Order of sums: k ascending over out, one accumulator an output,
// the bits of linear_input_gradient. For in % 4 == 0, batch % 4 == 0 and out % DEPTH == 0.
// The LANES threads of a subgroup have the same rows: each reads another row of W and all get it by shuffles, so that a
// weight is read once a subgroup. Needs subgroups of exactly LANES threads, in order of local index.
// Reads beyond the edge are harmless (WebGPU keeps them inside the buffer) and their sums are never stored.
enable subgroups;
// include activation
const THREADS = 64u;
// slot weight
struct Params { out_size: u32, in_size: u32, batch: u32, activation: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> weight: array<vec4<Weight>>;
@group(1) @binding(2) var<storage, read> dy: array<vec4<f32>>;
@group(1) @binding(3) var<storage, read> saved: array<vec4<f32>>;
@group(1) @binding(4) var<storage, read_write> dx: array<vec4<f32>>;

fn slope(v: f32) -> f32 {
  return slope_from_output(params.activation, v);
}

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let lane = local % LANES;
  let row = (group.y * (THREADS / LANES) + local / LANES) * ROWS;
  // In vec4, as are the rows of W here.
  let column = group.x * LANES + lane;
  let width = params.batch / 4u;
  let height = params.in_size / 4u;
  let depth = params.out_size;
  var sums: array<vec4<f32>, ROWS>;
  var held: array<vec4<f32>, ROWS / 4u>;
  for (var base = 0u; base < depth; base += DEPTH) {
    for (var r = 0u; r < ROWS / 4u; r++) { held[r] = vec4<f32>(weight[(base + lane % DEPTH) * height + row / 4u + r]); }
    for (var j = 0u; j < DEPTH; j += 2u) {
      let right0 = dy[(base + j) * width + column];
      let right1 = dy[(base + j + 1u) * width + column];
      for (var r = 0u; r < ROWS; r++) {
        var sum = sums[r];
        sum += subgroupShuffle(held[r / 4u][r % 4u], j) * right0;
        sum += subgroupShuffle(held[r / 4u][r % 4u], j + 1u) * right1;
        sums[r] = sum;
      }
    }
  }
  if (column >= width) { return; }
  // A bound that only the run knows keeps the driver from unrolling, so the slope is compiled once.
  let count = min(ROWS, params.in_size - min(row, params.in_size));
  for (var r = 0u; r < count; r++) {
    let at = (row + r) * width + column;
    let made = saved[at];
    dx[at] = sums[r] * vec4<f32>(slope(made.x), slope(made.y), slope(made.z), slope(made.w));
  }
}
