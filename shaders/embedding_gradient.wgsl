// dtable (vocabulary, width)[v, w] = sum of dy (width, tokens)[w, t] over the tokens t with ids[t] = v, t ascending.
// A thread owns an element and looks through all tokens: no atomics, so that the sum has one order.
// include index
struct Params { vocabulary: u32, width: u32, tokens: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> ids: array<u32>;
@group(1) @binding(2) var<storage, read> dy: array<f32>;
@group(1) @binding(3) var<storage, read_write> dtable: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = flat_index(group, groups, local, 64u);
  if (i >= params.vocabulary * params.width) { return; }
  let v = i / params.width;
  let w = i % params.width;
  var sum = 0.0;
  for (var t = 0u; t < params.tokens; t++) {
    if (min(ids[t], params.vocabulary - 1u) == v) { sum += dy[w * params.tokens + t]; }
  }
  dtable[i] = sum;
}
