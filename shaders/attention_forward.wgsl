// y (heads x width, tokens) = softmax(q^T k scale) v for each head and sequence, and norms (heads, tokens) = log of the sum
// of the exponentials, from which a backward pass makes the probabilities again. One thread a query, keys eight at a time:
// the sum and y are scaled down whenever a larger score is met, so that no row of scores is ever stored.
// include index
// include attention
@group(1) @binding(1) var<storage, read> q: array<f32>;
@group(1) @binding(2) var<storage, read> k: array<f32>;
@group(1) @binding(3) var<storage, read> v: array<f32>;
@group(1) @binding(4) var<storage, read_write> y: array<f32>;
@group(1) @binding(5) var<storage, read_write> norms: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let tokens = params.context * params.sequences;
  let at = flat_index(group, groups, local, 64u);
  if (at >= params.heads * tokens) { return; }
  let column = at % tokens;
  let row = (at / tokens) * params.width;
  let query = column % params.context;
  let first = column - query;
  let seen = keys_seen(query);
  var top = LOWEST;
  var sum = 0.0;
  for (var c = 0u; c < params.width; c++) { y[(row + c) * tokens + column] = 0.0; }
  for (var j = 0u; j < seen; j += STEP) {
    let count = min(STEP, params.context - j);
    var p: array<f32, STEP>;
    var highest = top;
    for (var u = 0u; u < count; u++) {
      var s = 0.0;
      for (var c = 0u; c < params.width; c++) {
        let line = (row + c) * tokens;
        s += q[line + column] * k[line + first + j + u];
      }
      p[u] = s * params.scale;
      if (j + u < seen) { highest = max(highest, p[u]); }
    }
    let less = shrink(top, highest);
    sum *= less;
    for (var u = 0u; u < count; u++) {
      p[u] = select(0.0, exp(p[u] - highest), j + u < seen);
      sum += p[u];
    }
    for (var c = 0u; c < params.width; c++) {
      let line = (row + c) * tokens;
      var mixed = y[line + column] * less;
      for (var u = 0u; u < count; u++) { mixed += p[u] * v[line + first + j + u]; }
      y[line + column] = mixed;
    }
    top = highest;
  }
  for (var c = 0u; c < params.width; c++) {
    let to = (row + c) * tokens + column;
    y[to] = y[to] / sum;
  }
  norms[at] = top + log(sum);
}
