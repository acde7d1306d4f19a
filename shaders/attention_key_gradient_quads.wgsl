// What attention_key_gradient does, four keys a thread as a vec4; for contexts that eight divides.
// include index
// include attention
@group(1) @binding(1) var<storage, read> q: array<vec4<f32>>;
@group(1) @binding(2) var<storage, read> k: array<vec4<f32>>;
@group(1) @binding(3) var<storage, read> v: array<vec4<f32>>;
@group(1) @binding(4) var<storage, read> dy: array<vec4<f32>>;
@group(1) @binding(5) var<storage, read> norms: array<vec4<f32>>;
@group(1) @binding(6) var<storage, read> offsets: array<vec4<f32>>;
@group(1) @binding(7) var<storage, read_write> dk: array<vec4<f32>>;
@group(1) @binding(8) var<storage, read_write> dv: array<vec4<f32>>;

@compute @workgroup_size(32)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let tokens = params.context * params.sequences / 4u;
  let context = params.context / 4u;
  let at = flat_index(group, groups, local, 32u);
  if (at >= params.heads * tokens) { return; }
  let column = at % tokens;
  let head = at / tokens;
  let row = head * params.width;
  let key = column % context;
  let first = column - key;
  let keys = vec4<u32>(4u * key, 4u * key + 1u, 4u * key + 2u, 4u * key + 3u);
  let none = vec4<f32>();
  for (var c = 0u; c < params.width; c++) {
    let to = (row + c) * tokens + column;
    dk[to] = none;
    dv[to] = none;
  }
  for (var i = select(0u, 4u * key / STEP * STEP, params.causal != 0u); i < params.context; i += STEP) {
    let query = first + i / 4u;
    var s0 = none; var s1 = none; var s2 = none; var s3 = none; var s4 = none; var s5 = none; var s6 = none; var s7 = none;
    var t0 = none; var t1 = none; var t2 = none; var t3 = none; var t4 = none; var t5 = none; var t6 = none; var t7 = none;
    for (var c = 0u; c < params.width; c++) {
      let line = (row + c) * tokens;
      let a = k[line + column];
      let q0 = q[line + query];
      let q1 = q[line + query + 1u];
      s0 += q0.x * a; s1 += q0.y * a; s2 += q0.z * a; s3 += q0.w * a;
      s4 += q1.x * a; s5 += q1.y * a; s6 += q1.z * a; s7 += q1.w * a;
      let b = v[line + column];
      let y0 = dy[line + query];
      let y1 = dy[line + query + 1u];
      t0 += y0.x * b; t1 += y0.y * b; t2 += y0.z * b; t3 += y0.w * b;
      t4 += y1.x * b; t5 += y1.y * b; t6 += y1.z * b; t7 += y1.w * b;
    }
    let scale = params.scale;
    let n0 = norms[head * tokens + query];
    let n1 = norms[head * tokens + query + 1u];
    let o0 = offsets[head * tokens + query];
    let o1 = offsets[head * tokens + query + 1u];
    let p0 = select(none, exp(s0 * scale - n0.x), keys < vec4<u32>(keys_seen(i + 0u)));
    let p1 = select(none, exp(s1 * scale - n0.y), keys < vec4<u32>(keys_seen(i + 1u)));
    let p2 = select(none, exp(s2 * scale - n0.z), keys < vec4<u32>(keys_seen(i + 2u)));
    let p3 = select(none, exp(s3 * scale - n0.w), keys < vec4<u32>(keys_seen(i + 3u)));
    let p4 = select(none, exp(s4 * scale - n1.x), keys < vec4<u32>(keys_seen(i + 4u)));
    let p5 = select(none, exp(s5 * scale - n1.y), keys < vec4<u32>(keys_seen(i + 5u)));
    let p6 = select(none, exp(s6 * scale - n1.z), keys < vec4<u32>(keys_seen(i + 6u)));
    let p7 = select(none, exp(s7 * scale - n1.w), keys < vec4<u32>(keys_seen(i + 7u)));
    let d0 = p0 * (t0 - o0.x) * scale;
    let d1 = p1 * (t1 - o0.y) * scale;
    let d2 = p2 * (t2 - o0.z) * scale;
    let d3 = p3 * (t3 - o0.w) * scale;
    let d4 = p4 * (t4 - o1.x) * scale;
    let d5 = p5 * (t5 - o1.y) * scale;
    let d6 = p6 * (t6 - o1.z) * scale;
    let d7 = p7 * (t7 - o1.w) * scale;
    for (var c = 0u; c < params.width; c++) {
      let line = (row + c) * tokens;
      let q0 = q[line + query];
      let q1 = q[line + query + 1u];
      var to_key = dk[line + column];
      to_key += d0 * q0.x; to_key += d1 * q0.y; to_key += d2 * q0.z; to_key += d3 * q0.w;
      to_key += d4 * q1.x; to_key += d5 * q1.y; to_key += d6 * q1.z; to_key += d7 * q1.w;
      dk[line + column] = to_key;
      let y0 = dy[line + query];
      let y1 = dy[line + query + 1u];
      var to_value = dv[line + column];
      to_value += p0 * y0.x; to_value += p1 * y0.y; to_value += p2 * y0.z; to_value += p3 * y0.w;
      to_value += p4 * y1.x; to_value += p5 * y1.y; to_value += p6 * y1.z; to_value += p7 * y1.w;
      dv[line + column] = to_value;
    }
  }
}
