// As nm_mask, along columns: a thread takes all rows of a group, and of these a word of 32 columns each, so that a weight is read
// once. For axis 1, columns % 32 == 0, m up to 32 and a share that divides 32.
// include index
// include status
struct Params { first: u32, rows: u32, columns: u32, axis: u32, n: u32, m: u32, share: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> weights: array<f32>;
@group(1) @binding(2) var<storage, read> status: array<u32>;
@group(1) @binding(3) var<storage, read_write> bits: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let id = flat_index(group, groups, local, 64u);
  let width = params.columns / 32u;
  let row = id / width * params.m;
  if (row >= params.rows || status[STATUS_BAD_STEP] != NO_STEP) { return; }
  let size = min(params.m, params.rows - row);
  let wanted = (params.n * size + params.m - 1u) / params.m;
  let start = params.first + row * params.columns + id % width * 32u;
  var found: array<u32, 32>;
  // The order of non-negative floats is that of their bits.
  var keys: array<u32, 32>;
  for (var head = 0u; head < 32u; head += params.share) {
    for (var j = 0u; j < size; j++) {
      var sum = 0.0;
      for (var i = 0u; i < params.share; i++) { sum += abs(weights[start + j * params.columns + head + i]); }
      keys[j] = bitcast<u32>(sum);
    }
    let alike = (0xffffffffu >> (32u - params.share)) << head;
    for (var j = 0u; j < size; j++) {
      var ahead = 0u;
      for (var k = 0u; k < size; k++) {
        if (keys[k] > keys[j] || (keys[k] == keys[j] && k < j)) { ahead++; }
      }
      if (ahead < wanted) { found[j] |= alike; }
    }
  }
  for (var j = 0u; j < size; j++) { bits[(start + j * params.columns) / 32u] = found[j]; }
}
