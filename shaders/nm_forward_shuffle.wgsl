// Y (out, batch) = close(W X) over the kept weights alone; a thread computes 8 rows of a line by COLUMNS columns, each a
// vec4. For share % 8 == 0 and batch % 4 == 0. Order of sums: k ascending, one accumulator an output: the bits of nm_forward.
// The LANES threads of a workgroup are one subgroup and have the same rows: each reads another slot of the line, and all get
// its place and its values by shuffles, so that they are read once. Needs subgroups of exactly LANES threads, in order of
// local index. A slot past the last has weights of 0.
// Reads beyond the edge are harmless (WebGPU keeps them inside the buffer) and their sums are never stored.
enable subgroups;
// include activation
struct Params { out_size: u32, in_size: u32, batch: u32, m: u32, share: u32, activation: u32, has_bias: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> values: array<vec4<f32>>;
@group(1) @binding(2) var<storage, read> index: array<u32>;
@group(1) @binding(3) var<storage, read> x: array<vec4<f32>>;
@group(1) @binding(4) var<storage, read> beside: array<f32>;
@group(1) @binding(5) var<storage, read_write> y: array<vec4<f32>>;
// include nm
// include nm_slots
// slot close

// The four columns from `at` on, counted in vec4.
fn closed(v: vec4<f32>, row: u32, at: u32) -> vec4<f32> {
  return vec4<f32>(close(v.x, row, 4u * at), close(v.y, row, 4u * at + 1u), close(v.z, row, 4u * at + 2u), close(v.w, row, 4u * at + 3u));
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row = group.y * 8u;
  // In vec4.
  let column = group.x * LANES * COLUMNS + lane;
  let width = params.batch / 4u;
  let n = index[0];
  let slots = index[1];
  let line = row / params.share;
  // In vec4: the rows of a slot lie side by side.
  let stride = params.share / 4u;
  let first = line * slots * stride + row % params.share / 4u;
  var own = slot_at(line_at(line), lane % DEPTH, n);
  var sums: array<vec4<f32>, 8u * COLUMNS>;
  var held: array<vec4<f32>, 2>;
  for (var base = 0u; base < slots; base += DEPTH) {
    var at = 0u;
    held = array<vec4<f32>, 2>();
    if (own.slot < slots) {
      at = place_of(own) * width;
      held[0] = values[first + own.slot * stride];
      held[1] = values[first + own.slot * stride + 1u];
    }
    skip(&own, DEPTH, DEPTH / n, DEPTH % n, n);
    for (var j = 0u; j < DEPTH; j++) {
      let right = subgroupShuffle(at, j) + column;
      var xs: array<vec4<f32>, COLUMNS>;
      for (var c = 0u; c < COLUMNS; c++) { xs[c] = x[right + c * LANES]; }
      for (var r = 0u; r < 8u; r++) {
        let w = subgroupShuffle(held[r / 4u][r % 4u], j);
        for (var c = 0u; c < COLUMNS; c++) { sums[r * COLUMNS + c] += w * xs[c]; }
      }
    }
  }
  // A bound that only the run knows keeps the driver from unrolling, so what closes a sum is compiled once.
  let count = COLUMNS * min(8u, params.out_size - row);
  for (var i = 0u; i < count; i++) {
    let to = column + i % COLUMNS * LANES;
    if (to >= width) { continue; }
    let o = row + i / COLUMNS;
    y[o * width + to] = closed(sums[i], o, o * width + to);
  }
}
