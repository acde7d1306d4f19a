// What attention_query_gradient does, four queries a thread as a vec4; for contexts that eight divides.
// include index
// include attention
@group(1) @binding(1) var<storage, read> q: array<vec4<f32>>;
@group(1) @binding(2) var<storage, read> k: array<vec4<f32>>;
@group(1) @binding(3) var<storage, read> v: array<vec4<f32>>;
@group(1) @binding(4) var<storage, read> y: array<vec4<f32>>;
@group(1) @binding(5) var<storage, read> dy: array<vec4<f32>>;
@group(1) @binding(6) var<storage, read> norms: array<vec4<f32>>;
@group(1) @binding(7) var<storage, read_write> offsets: array<vec4<f32>>;
@group(1) @binding(8) var<storage, read_write> dq: array<vec4<f32>>;

@compute @workgroup_size(32)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let tokens = params.context * params.sequences / 4u;
  let context = params.context / 4u;
  let at = flat_index(group, groups, local, 32u);
  if (at >= params.heads * tokens) { return; }
  let column = at % tokens;
  let row = (at / tokens) * params.width;
  let query = column % context;
  let first = column - query;
  let seen = vec4<u32>(keys_seen(4u * query), keys_seen(4u * query + 1u), keys_seen(4u * query + 2u), keys_seen(4u * query + 3u));
  var offset = vec4<f32>();
  for (var c = 0u; c < params.width; c++) {
    let to = (row + c) * tokens + column;
    offset += dy[to] * y[to];
    dq[to] = vec4<f32>();
  }
  offsets[at] = offset;
  let norm = norms[at];
  let none = vec4<f32>();
  for (var j = 0u; j < seen.w; j += STEP) {
    let key = first + j / 4u;
    var s0 = none; var s1 = none; var s2 = none; var s3 = none; var s4 = none; var s5 = none; var s6 = none; var s7 = none;
    var p0 = none; var p1 = none; var p2 = none; var p3 = none; var p4 = none; var p5 = none; var p6 = none; var p7 = none;
    for (var c = 0u; c < params.width; c++) {
      let line = (row + c) * tokens;
      let a = q[line + column];
      let k0 = k[line + key];
      let k1 = k[line + key + 1u];
      s0 += a * k0.x; s1 += a * k0.y; s2 += a * k0.z; s3 += a * k0.w;
      s4 += a * k1.x; s5 += a * k1.y; s6 += a * k1.z; s7 += a * k1.w;
      let b = dy[line + column];
      let v0 = v[line + key];
      let v1 = v[line + key + 1u];
      p0 += b * v0.x; p1 += b * v0.y; p2 += b * v0.z; p3 += b * v0.w;
      p4 += b * v1.x; p5 += b * v1.y; p6 += b * v1.z; p7 += b * v1.w;
    }
    let scale = params.scale;
    let d0 = select(none, exp(s0 * scale - norm) * (p0 - offset) * scale, vec4<u32>(j) < seen);
    let d1 = select(none, exp(s1 * scale - norm) * (p1 - offset) * scale, vec4<u32>(j + 1u) < seen);
    let d2 = select(none, exp(s2 * scale - norm) * (p2 - offset) * scale, vec4<u32>(j + 2u) < seen);
    let d3 = select(none, exp(s3 * scale - norm) * (p3 - offset) * scale, vec4<u32>(j + 3u) < seen);
    let d4 = select(none, exp(s4 * scale - norm) * (p4 - offset) * scale, vec4<u32>(j + 4u) < seen);
    let d5 = select(none, exp(s5 * scale - norm) * (p5 - offset) * scale, vec4<u32>(j + 5u) < seen);
    let d6 = select(none, exp(s6 * scale - norm) * (p6 - offset) * scale, vec4<u32>(j + 6u) < seen);
    let d7 = select(none, exp(s7 * scale - norm) * (p7 - offset) * scale, vec4<u32>(j + 7u) < seen);
    for (var c = 0u; c < params.width; c++) {
      let line = (row + c) * tokens;
      let k0 = k[line + key];
      let k1 = k[line + key + 1u];
      var sum = dq[line + column];
      sum += d0 * k0.x; sum += d1 * k0.y; sum += d2 * k0.z; sum += d3 * k0.w;
      sum += d4 * k1.x; sum += d5 * k1.y; sum += d6 * k1.z; sum += d7 * k1.w;
      dq[line + column] = sum;
    }
  }
}
