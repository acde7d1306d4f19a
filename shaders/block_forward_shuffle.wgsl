// Y (out, batch) = act(W X + bias) over the active blocks alone; a thread computes ROWS rows of a row of blocks by 4
// columns, as one vec4. Order of sums: k ascending, one accumulator an output: the bits of block_forward.
// For batch % 4 == 0, in % DEPTH == 0 and columns % DEPTH == 0.
// The LANES threads of a workgroup are one subgroup and have the same rows: each reads another column of W and all get it by
// shuffles, so that a weight is read once. Needs subgroups of exactly LANES threads, in order of local index.
// Reads beyond the edge are harmless (WebGPU keeps them inside the buffer) and their sums are never stored.
enable subgroups;
// include activation
struct Params { out_size: u32, in_size: u32, batch: u32, rows: u32, columns: u32, activation: u32, has_bias: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> weight: array<f32>;
@group(1) @binding(2) var<storage, read> index: array<u32>;
@group(1) @binding(3) var<storage, read> x: array<vec4<f32>>;
@group(1) @binding(4) var<storage, read> bias: array<f32>;
@group(1) @binding(5) var<storage, read_write> y: array<vec4<f32>>;
// include blocks

fn act(v: f32) -> f32 {
  return activate(params.activation, v);
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let tile = tile_at(group.y, ROWS, params.rows, params.out_size);
  if (tile.count == 0u) { return; }
  let row = tile.first;
  // In vec4.
  let column = group.x * LANES + lane;
  let width = params.batch / 4u;
  let depth = params.in_size;
  var sums: array<vec4<f32>, ROWS>;
  var held: array<f32, ROWS>;
  let run = row_run(tile.run);
  for (var e = run.begin; e < run.end; e++) {
    let first = index[e] * params.columns;
    let end = min(first + params.columns, params.in_size);
    for (var base = first; base < end; base += DEPTH) {
      for (var r = 0u; r < ROWS; r++) { held[r] = weight[(row + r) * depth + base + lane % DEPTH]; }
      for (var j = 0u; j < DEPTH; j += 2u) {
        let right0 = x[(base + j) * width + column];
        let right1 = x[(base + j + 1u) * width + column];
        for (var r = 0u; r < ROWS; r++) {
          var sum = sums[r];
          sum += subgroupShuffle(held[r], j) * right0;
          sum += subgroupShuffle(held[r], j + 1u) * right1;
          sums[r] = sum;
        }
      }
    }
  }
  if (column >= width) { return; }
  // A bound that only the run knows keeps the driver from unrolling, so the activation is compiled once.
  for (var r = 0u; r < tile.count; r++) {
    var v = sums[r];
    if (params.has_bias != 0u) { v += bias[row + r]; }
    y[(row + r) * width + column] = vec4<f32>(act(v.x), act(v.y), act(v.z), act(v.w));
  }
}
