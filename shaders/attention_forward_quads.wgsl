// What attention_forward does, four queries a thread as a vec4, with the same sums in the same order; for contexts that
// eight divides. Sums of eight keys stand in registers of their own: loops over an array of them are slow on SwiftShader.
// include index
// include attention
@group(1) @binding(1) var<storage, read> q: array<vec4<f32>>;
@group(1) @binding(2) var<storage, read> k: array<vec4<f32>>;
@group(1) @binding(3) var<storage, read> v: array<vec4<f32>>;
@group(1) @binding(4) var<storage, read_write> y: array<vec4<f32>>;
@group(1) @binding(5) var<storage, read_write> norms: array<vec4<f32>>;

fn shrinks(a: vec4<f32>, b: vec4<f32>) -> vec4<f32> {
  return select(exp(a - b), vec4<f32>(1.0), a == b);
}

@compute @workgroup_size(32)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  // Tokens, columns and the context in vec4.
  let tokens = params.context * params.sequences / 4u;
  let context = params.context / 4u;
  let at = flat_index(group, groups, local, 32u);
  if (at >= params.heads * tokens) { return; }
  let column = at % tokens;
  let row = (at / tokens) * params.width;
  let query = column % context;
  let first = column - query;
  let seen = vec4<u32>(keys_seen(4u * query), keys_seen(4u * query + 1u), keys_seen(4u * query + 2u), keys_seen(4u * query + 3u));
  var top = vec4<f32>(LOWEST);
  var sum = vec4<f32>();
  for (var c = 0u; c < params.width; c++) { y[(row + c) * tokens + column] = vec4<f32>(); }
  for (var j = 0u; j < seen.w; j += STEP) {
    let key = first + j / 4u;
    var p0 = vec4<f32>(); var p1 = vec4<f32>(); var p2 = vec4<f32>(); var p3 = vec4<f32>();
    var p4 = vec4<f32>(); var p5 = vec4<f32>(); var p6 = vec4<f32>(); var p7 = vec4<f32>();
    for (var c = 0u; c < params.width; c++) {
      let line = (row + c) * tokens;
      let a = q[line + column];
      let b = k[line + key];
      let d = k[line + key + 1u];
      p0 += a * b.x; p1 += a * b.y; p2 += a * b.z; p3 += a * b.w;
      p4 += a * d.x; p5 += a * d.y; p6 += a * d.z; p7 += a * d.w;
    }
    p0 *= params.scale; p1 *= params.scale; p2 *= params.scale; p3 *= params.scale;
    p4 *= params.scale; p5 *= params.scale; p6 *= params.scale; p7 *= params.scale;
    let s0 = vec4<u32>(j) < seen; let s1 = vec4<u32>(j + 1u) < seen; let s2 = vec4<u32>(j + 2u) < seen; let s3 = vec4<u32>(j + 3u) < seen;
    let s4 = vec4<u32>(j + 4u) < seen; let s5 = vec4<u32>(j + 5u) < seen; let s6 = vec4<u32>(j + 6u) < seen; let s7 = vec4<u32>(j + 7u) < seen;
    var highest = top;
    highest = select(highest, max(highest, p0), s0); highest = select(highest, max(highest, p1), s1);
    highest = select(highest, max(highest, p2), s2); highest = select(highest, max(highest, p3), s3);
    highest = select(highest, max(highest, p4), s4); highest = select(highest, max(highest, p5), s5);
    highest = select(highest, max(highest, p6), s6); highest = select(highest, max(highest, p7), s7);
    let less = shrinks(top, highest);
    let none = vec4<f32>();
    p0 = select(none, exp(p0 - highest), s0); p1 = select(none, exp(p1 - highest), s1);
    p2 = select(none, exp(p2 - highest), s2); p3 = select(none, exp(p3 - highest), s3);
    p4 = select(none, exp(p4 - highest), s4); p5 = select(none, exp(p5 - highest), s5);
    p6 = select(none, exp(p6 - highest), s6); p7 = select(none, exp(p7 - highest), s7);
    sum *= less;
    sum += p0; sum += p1; sum += p2; sum += p3; sum += p4; sum += p5; sum += p6; sum += p7;
    for (var c = 0u; c < params.width; c++) {
      let line = (row + c) * tokens;
      let b = v[line + key];
      let d = v[line + key + 1u];
      var mixed = y[line + column] * less;
      mixed += p0 * b.x; mixed += p1 * b.y; mixed += p2 * b.z; mixed += p3 * b.w;
      mixed += p4 * d.x; mixed += p5 * d.y; mixed += p6 * d.z; mixed += p7 * d.w;
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
