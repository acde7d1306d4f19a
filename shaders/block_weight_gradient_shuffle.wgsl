// dW in the active blocks alone, and db (out) = sum of dY over the batch. What lies outside is not written. A thread
// computes ROWS rows of a row of blocks by one quad: four neighbouring columns of a block. `walkers` workgroups go through
// the quads of the row's active blocks, and behind them stands one that sums the rows of dY.
// Order of sums: batch ascending, one accumulator an output: the bits of block_weight_gradient. For batch % DEPTH == 0.
// The LANES threads of a workgroup are one subgroup and have the same rows: each reads another column of dY and all get it
// by shuffles, so that dY is read once. Needs subgroups of exactly LANES threads, in order of local index.
// Reads beyond the edge are harmless (WebGPU keeps them inside the buffer) and their sums are never stored.
enable subgroups;
struct Params { out_size: u32, in_size: u32, batch: u32, rows: u32, columns: u32, has_bias: u32, walkers: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> index: array<u32>;
@group(1) @binding(2) var<storage, read> dy: array<f32>;
@group(1) @binding(3) var<storage, read> x: array<f32>;
@group(1) @binding(4) var<storage, read_write> dw: array<f32>;
@group(1) @binding(5) var<storage, read_write> db: array<f32>;
// include blocks
// include block_quads

fn bias_gradient(o: u32) {
  var total = 0.0;
  for (var k = 0u; k < params.batch; k++) { total += dy[o * params.batch + k]; }
  db[o] = total;
}

fn weight_tile(tile: Tile, quad: Quad, lane: u32) {
  let depth = params.batch;
  var sums: array<vec4<f32>, ROWS>;
  var held: array<f32, ROWS>;
  for (var base = 0u; base < depth; base += DEPTH) {
    for (var r = 0u; r < ROWS; r++) { held[r] = dy[(tile.first + r) * depth + base + lane % DEPTH]; }
    for (var j = 0u; j < DEPTH; j += 2u) {
      let at = quad.column * depth + base + j;
      let right0 = vec4<f32>(x[at], x[at + depth], x[at + 2u * depth], x[at + 3u * depth]);
      let right1 = vec4<f32>(x[at + 1u], x[at + depth + 1u], x[at + 2u * depth + 1u], x[at + 3u * depth + 1u]);
      for (var r = 0u; r < ROWS; r++) {
        var sum = sums[r];
        sum += subgroupShuffle(held[r], j) * right0;
        sum += subgroupShuffle(held[r], j + 1u) * right1;
        sums[r] = sum;
      }
    }
  }
  for (var r = 0u; r < tile.count; r++) {
    let at = (tile.first + r) * params.in_size + quad.column;
    for (var i = 0u; i < quad.count; i++) { dw[at + i] = sums[r][i]; }
  }
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let tile = tile_at(group.y, ROWS, params.rows, params.out_size);
  if (tile.count == 0u) { return; }
  // Two threads' quads are one of the base's walkers.
  let walkers = max(1u, 2u * params.walkers / LANES);
  if (group.x >= walkers) {
    for (var r = lane; r < tile.count; r += LANES) { bias_gradient(tile.first + r); }
    return;
  }
  let run = row_run(tile.run);
  let quads = quads_of(run);
  for (var q = group.x * LANES; q < quads; q += walkers * LANES) { weight_tile(tile, quad_at(run, q + lane), lane); }
}
