// dk and dv (heads x width, tokens) of attention, from `norms` and `offsets`. One thread a key, over the queries that see
// it, ascending from the eight in which it lies.
// include index
// include attention
@group(1) @binding(1) var<storage, read> q: array<f32>;
@group(1) @binding(2) var<storage, read> k: array<f32>;
@group(1) @binding(3) var<storage, read> v: array<f32>;
@group(1) @binding(4) var<storage, read> dy: array<f32>;
@group(1) @binding(5) var<storage, read> norms: array<f32>;
@group(1) @binding(6) var<storage, read> offsets: array<f32>;
@group(1) @binding(7) var<storage, read_write> dk: array<f32>;
@group(1) @binding(8) var<storage, read_write> dv: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let tokens = params.context * params.sequences;
  let at = flat_index(group, groups, local, 64u);
  if (at >= params.heads * tokens) { return; }
  let column = at % tokens;
  let head = at / tokens;
  let row = head * params.width;
  let key = column % params.context;
  let first = column - key;
  for (var c = 0u; c < params.width; c++) {
    let to = (row + c) * tokens + column;
    dk[to] = 0.0;
    dv[to] = 0.0;
  }
  for (var i = select(0u, key / STEP * STEP, params.causal != 0u); i < params.context; i += STEP) {
    let count = min(STEP, params.context - i);
    var p: array<f32, STEP>;
    var d: array<f32, STEP>;
    for (var u = 0u; u < count; u++) {
      var s = 0.0;
      var dp = 0.0;
      for (var c = 0u; c < params.width; c++) {
        let line = (row + c) * tokens;
        s += q[line + first + i + u] * k[line + column];
        dp += dy[line + first + i + u] * v[line + column];
      }
      let of_query = head * tokens + first + i + u;
      p[u] = select(0.0, exp(s * params.scale - norms[of_query]), key < keys_seen(i + u));
      d[u] = p[u] * (dp - offsets[of_query]) * params.scale;
    }
    for (var c = 0u; c < params.width; c++) {
      let line = (row + c) * tokens;
      var to_key = dk[line + column];
      var to_value = dv[line + column];
      for (var u = 0u; u < count; u++) {
        to_key += d[u] * q[line + first + i + u];
        to_value += p[u] * dy[line + first + i + u];
      }
      dk[line + column] = to_key;
      dv[line + column] = to_value;
    }
  }
}
