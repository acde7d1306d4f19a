// dq (heads x width, tokens) of attention, with the probabilities made again from `norms`, and offsets (heads, tokens) =
// sum of dy * y over a head's features, which the gradients of keys and values need too. One thread a query, keys ascending.
// include index
// include attention
@group(1) @binding(1) var<storage, read> q: array<f32>;
@group(1) @binding(2) var<storage, read> k: array<f32>;
@group(1) @binding(3) var<storage, read> v: array<f32>;
@group(1) @binding(4) var<storage, read> y: array<f32>;
@group(1) @binding(5) var<storage, read> dy: array<f32>;
@group(1) @binding(6) var<storage, read> norms: array<f32>;
@group(1) @binding(7) var<storage, read_write> offsets: array<f32>;
@group(1) @binding(8) var<storage, read_write> dq: array<f32>;

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
  var offset = 0.0;
  for (var c = 0u; c < params.width; c++) {
    let to = (row + c) * tokens + column;
    offset += dy[to] * y[to];
    dq[to] = 0.0;
  }
  offsets[at] = offset;
  for (var j = 0u; j < seen; j += STEP) {
    let count = min(STEP, params.context - j);
    var d: array<f32, STEP>;
    for (var u = 0u; u < count; u++) {
      var s = 0.0;
      var dp = 0.0;
      for (var c = 0u; c < params.width; c++) {
        let line = (row + c) * tokens;
        s += q[line + column] * k[line + first + j + u];
        dp += dy[line + column] * v[line + first + j + u];
      }
      d[u] = select(0.0, exp(s * params.scale - norms[at]) * (dp - offset) * params.scale, j + u < seen);
    }
    for (var c = 0u; c < params.width; c++) {
      let line = (row + c) * tokens;
      var sum = dq[line + column];
      for (var u = 0u; u < count; u++) { sum += d[u] * k[line + first + j + u]; }
      dq[line + column] = sum;
    }
  }
}
