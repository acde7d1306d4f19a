// partials[c] = sum of squares of chunk c of the flat gradient, ascending, over the weights that the mask keeps and all
// that have none: what is outside the mask is no parameter. A non-finite gradient is noted in the status: the first step
// that had one, and in it the lowest tensor. n, masked and chunk are multiples of 64.
// include index
// include knob
// include finite
// include status
// include mask_bits
struct Params { n: u32, masked: u32, chunk: u32, step_knob: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> gradients: array<vec4<f32>>;
@group(1) @binding(2) var<storage, read> mask: array<u32>;
@group(1) @binding(3) var<storage, read> table: array<u32>;
@group(1) @binding(4) var<storage, read_write> partials: array<f32>;
@group(1) @binding(5) var<storage, read_write> status: array<atomic<u32>>;

// The four mask bits of a quad.
fn bits_of(q: u32) -> u32 {
  if (q * 4u >= params.masked) { return 15u; }
  return (mask[q >> 3u] >> ((q & 7u) * 4u)) & 15u;
}

// The gradient of a quad, 0 outside the mask: adding 0 changes no sum.
fn counted(q: u32, bits: u32) -> vec4<f32> {
  return select(vec4<f32>(0.0), gradients[q], kept(bits));
}

// The lowest tensor with a non-finite gradient in quads start to end, or NO_STEP: a sum of finite ones may overflow.
fn lowest_bad(start: u32, end: u32) -> u32 {
  var bad = NO_STEP;
  for (var q = start; q < end; q++) {
    let g = counted(q, bits_of(q));
    if (!(is_finite(g.x) && is_finite(g.y) && is_finite(g.z) && is_finite(g.w))) { bad = min(bad, table[q >> 4u]); }
  }
  return bad;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let c = flat_index(group, groups, local, 64u);
  let start = c * params.chunk / 4u;
  if (c * params.chunk >= params.n) { return; }
  let end = min(start + params.chunk / 4u, params.n / 4u);
  var sum = 0.0;
  for (var q = start; q < end; q++) {
    let bits = bits_of(q);
    if (bits == 0u) { continue; }
    let g = counted(q, bits);
    sum = (((sum + g.x * g.x) + g.y * g.y) + g.z * g.z) + g.w * g.w;
  }
  partials[c] = sum;
  // Any non-finite gradient makes the sum of squares non-finite, so that most chunks are read once.
  if (is_finite(sum)) { return; }
  let bad = lowest_bad(start, end);
  if (bad != NO_STEP) {
    let step = knob_u32(params.step_knob);
    if (atomicMin(&status[STATUS_BAD_STEP], step) >= step) { atomicMin(&status[STATUS_BAD_TENSOR], bad); }
  }
}
