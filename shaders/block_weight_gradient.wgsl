// dW in the active blocks alone, and db (out) = sum of dY over the batch. What lies outside is not written. A thread
// computes 8 rows of a row of blocks by two quads: four neighbouring columns of a block each. `walkers` threads go through
// the quads of the row's active blocks, and behind them stands a workgroup that sums the rows of dY.
// Order of sums: batch ascending, one accumulator an output: the bits of linear_weight_gradient.
// Sums are written out by hand: on SwiftShader a loop over an array of them is 7 times slower. Reads beyond the edge are
// harmless (WebGPU keeps them inside the buffer) and their sums are never stored.
struct Params { out_size: u32, in_size: u32, batch: u32, rows: u32, columns: u32, has_bias: u32, walkers: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> index: array<u32>;
@group(1) @binding(2) var<storage, read> dy: array<f32>;
@group(1) @binding(3) var<storage, read> x: array<f32>;
@group(1) @binding(4) var<storage, read_write> dw: array<f32>;
@group(1) @binding(5) var<storage, read_write> db: array<f32>;
// include blocks
// include block_quads

const WIDTH = 8u;

fn bias_gradient(o: u32) {
  var total = 0.0;
  for (var k = 0u; k < params.batch; k++) { total += dy[o * params.batch + k]; }
  db[o] = total;
}

fn put(o: u32, quad: Quad, sums: vec4<f32>) {
  let at = o * params.in_size + quad.column;
  for (var i = 0u; i < quad.count; i++) { dw[at + i] = sums[i]; }
}

fn weight_tile(tile: Tile, a: Quad, b: Quad) {
  let row = tile.first;
  let depth = params.batch;
  var s0a = vec4<f32>(); var s0b = vec4<f32>();
  var s1a = vec4<f32>(); var s1b = vec4<f32>();
  var s2a = vec4<f32>(); var s2b = vec4<f32>();
  var s3a = vec4<f32>(); var s3b = vec4<f32>();
  var s4a = vec4<f32>(); var s4b = vec4<f32>();
  var s5a = vec4<f32>(); var s5b = vec4<f32>();
  var s6a = vec4<f32>(); var s6b = vec4<f32>();
  var s7a = vec4<f32>(); var s7b = vec4<f32>();
  for (var k = 0u; k < depth; k++) {
    let xa = vec4<f32>(x[a.column * depth + k], x[(a.column + 1u) * depth + k], x[(a.column + 2u) * depth + k], x[(a.column + 3u) * depth + k]);
    let xb = vec4<f32>(x[b.column * depth + k], x[(b.column + 1u) * depth + k], x[(b.column + 2u) * depth + k], x[(b.column + 3u) * depth + k]);
    let l0 = dy[row * depth + k];
    s0a += l0 * xa; s0b += l0 * xb;
    let l1 = dy[(row + 1u) * depth + k];
    s1a += l1 * xa; s1b += l1 * xb;
    let l2 = dy[(row + 2u) * depth + k];
    s2a += l2 * xa; s2b += l2 * xb;
    let l3 = dy[(row + 3u) * depth + k];
    s3a += l3 * xa; s3b += l3 * xb;
    let l4 = dy[(row + 4u) * depth + k];
    s4a += l4 * xa; s4b += l4 * xb;
    let l5 = dy[(row + 5u) * depth + k];
    s5a += l5 * xa; s5b += l5 * xb;
    let l6 = dy[(row + 6u) * depth + k];
    s6a += l6 * xa; s6b += l6 * xb;
    let l7 = dy[(row + 7u) * depth + k];
    s7a += l7 * xa; s7b += l7 * xb;
  }
  let sums = array<vec4<f32>, 16>(
    s0a, s0b, s1a, s1b, s2a, s2b, s3a, s3b,
    s4a, s4b, s5a, s5b, s6a, s6b, s7a, s7b,
  );
  // A bound that only the run knows keeps the driver from unrolling: on lavapipe 0.4 s to compile instead of 2.2 s.
  for (var r = 0u; r < tile.count; r++) {
    put(row + r, a, sums[2u * r]);
    put(row + r, b, sums[2u * r + 1u]);
  }
}

@compute @workgroup_size(WIDTH, 8)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let tile = tile_at(group.y * 8u + local.y, 8u, params.rows, params.out_size);
  if (tile.count == 0u) { return; }
  if (group.x * WIDTH >= params.walkers) {
    if (local.x < tile.count) { bias_gradient(tile.first + local.x); }
    return;
  }
  let run = row_run(tile.run);
  let quads = quads_of(run);
  for (var q = 2u * (group.x * WIDTH + local.x); q < quads; q += 2u * params.walkers) {
    weight_tile(tile, quad_at(run, q), quad_at(run, q + 1u));
  }
}
