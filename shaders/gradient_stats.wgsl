// partials[c] = sum of squares of chunk c of the flat gradient, ascending, over the weights that the mask keeps and all
// that have none: what is outside the mask is no parameter. A non-finite gradient is noted in the status: the first step
// that had one, and in it the lowest tensor. n, masked and chunk are multiples of 64.
// include index
// include knob
// include finite
// include status
struct Params { n: u32, masked: u32, chunk: u32, step_knob: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> gradients: array<vec4<f32>>;
@group(1) @binding(2) var<storage, read> mask: array<u32>;
@group(1) @binding(3) var<storage, read> table: array<u32>;
@group(1) @binding(4) var<storage, read_write> partials: array<f32>;
@group(1) @binding(5) var<storage, read_write> status: array<atomic<u32>>;

// The mask bits of word w of the flat vector; what has no mask counts in full.
fn bits_of(w: u32) -> u32 {
  if (w * 32u >= params.masked) { return 0xffffffffu; }
  return mask[w];
}

// Which quads of four neighbouring gradients the bits name whole: bit 4 q stands for quad q.
fn whole_quads(bits: u32) -> u32 {
  let pairs = bits & (bits >> 1u);
  return pairs & (pairs >> 2u) & 0x11111111u;
}

// sum, and the squares of the 32 gradients of word w that the bits name, one after another.
fn add_squares(sum: f32, w: u32, bits: u32) -> f32 {
  var total = sum;
  let wholes = whole_quads(bits);
  if (15u * wholes == bits) {
    for (var left = wholes; left != 0u; left &= left - 1u) {
      let g = gradients[w * 8u + countTrailingZeros(left) / 4u];
      total = (((total + g.x * g.x) + g.y * g.y) + g.z * g.z) + g.w * g.w;
    }
    return total;
  }
  for (var left = bits; left != 0u; left &= left - 1u) {
    let i = countTrailingZeros(left);
    let g = gradients[w * 8u + i / 4u][i % 4u];
    total += g * g;
  }
  return total;
}

// The lowest tensor with a non-finite gradient in words start to end, or NO_STEP: a sum of finite ones may overflow.
fn lowest_bad(start: u32, end: u32) -> u32 {
  var bad = NO_STEP;
  for (var w = start; w < end; w++) {
    for (var left = bits_of(w); left != 0u; left &= left - 1u) {
      let i = countTrailingZeros(left);
      if (!is_finite(gradients[w * 8u + i / 4u][i % 4u])) { bad = min(bad, table[w >> 1u]); }
    }
  }
  return bad;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let c = flat_index(group, groups, local, 64u);
  let start = c * params.chunk / 32u;
  if (c * params.chunk >= params.n) { return; }
  let end = min(start + params.chunk / 32u, params.n / 32u);
  var sum = 0.0;
  for (var w = start; w < end; w++) { sum = add_squares(sum, w, bits_of(w)); }
  partials[c] = sum;
  // Any non-finite gradient makes the sum of squares non-finite, so that most chunks are read once.
  if (is_finite(sum)) { return; }
  let bad = lowest_bad(start, end);
  if (bad != NO_STEP) {
    let step = knob_u32(params.step_knob);
    if (atomicMin(&status[STATUS_BAD_STEP], step) >= step) { atomicMin(&status[STATUS_BAD_TENSOR], bad); }
  }
}
