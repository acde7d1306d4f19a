// bits: of the weights of one layer, a matrix of params.rows by params.columns, the N largest by magnitude of every M
// neighbours along `axis` (0: in a row, 1: in a column), ties to the lower place; of a shorter last group as large a share,
// rounded up. params.share neighbours across have one pattern, by the sum of their magnitudes, in ascending order: all that
// compete have as many. One thread a word of 32 bits. Once the flag of the status is up, nothing changes.
// include index
// include status
struct Params { first: u32, rows: u32, columns: u32, axis: u32, n: u32, m: u32, share: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> weights: array<f32>;
@group(1) @binding(2) var<storage, read> status: array<u32>;
@group(1) @binding(3) var<storage, read_write> bits: array<u32>;

// Of what shares a pattern with the weight at `place`: `count` weights from it on, `aside` apart.
// The order of non-negative floats is that of their bits.
fn size_of(place: u32, count: u32, aside: u32) -> u32 {
  var sum = 0.0;
  for (var i = 0u; i < count; i++) { sum += abs(weights[params.first + place + i * aside]); }
  return bitcast<u32>(sum);
}

fn stays(place: u32) -> bool {
  let row = place / params.columns;
  let column = place % params.columns;
  let along = select(column, row, params.axis == 1u);
  let length = select(params.columns, params.rows, params.axis == 1u);
  let step = select(1u, params.columns, params.axis == 1u);
  let across = select(row, column, params.axis == 1u);
  let aside = select(params.columns, 1u, params.axis == 1u);
  let head = across - across % params.share;
  let count = min(params.share, select(params.rows, params.columns, params.axis == 1u) - head);
  let own = along % params.m;
  let size = min(params.m, length - (along - own));
  let start = place - own * step - (across - head) * aside;
  let key = size_of(start + own * step, count, aside);
  var ahead = 0u;
  for (var j = 0u; j < size; j++) {
    let other = size_of(start + j * step, count, aside);
    if (other > key || (other == key && j < own)) { ahead++; }
  }
  return ahead < (params.n * size + params.m - 1u) / params.m;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let word = flat_index(group, groups, local, 64u);
  let count = params.rows * params.columns;
  if (word * 32u >= count || status[STATUS_BAD_STEP] != NO_STEP) { return; }
  var found = 0u;
  var kept = false;
  for (var j = 0u; j < min(32u, count - word * 32u); j++) {
    let place = word * 32u + j;
    // Neighbours in a row that share a pattern need one look.
    if (j == 0u || params.axis == 0u || place % params.columns % params.share == 0u) { kept = stays(place); }
    if (kept) { found |= 1u << j; }
  }
  bits[params.first / 32u + word] = found;
}
