// SGD with momentum over the whole flat parameter vector, in place (PyTorch's form, Sutskever et al. 2013):
//   g = clip * gradient + decay * w;  v = momentum * v + g;  w -= rate * (nesterov ? g + momentum * v : v)
// Where the mask bit is 0, weight and velocity are 0 before and after, and nothing is read or written.
// Nothing changes once the divergence flag is up.
// include index
// include knob
// include status
// include params_table
// include whole_quads
struct Params { n: u32, masked: u32, blocks: u32, rate_knob: u32, momentum: f32, nesterov: u32, decay: f32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> gradients: array<vec4<f32>>;
@group(1) @binding(2) var<storage, read> mask: array<u32>;
@group(1) @binding(3) var<storage, read> table: array<u32>;
@group(1) @binding(4) var<storage, read> status: array<u32>;
@group(1) @binding(5) var<storage, read_write> weights: array<vec4<f32>>;
@group(1) @binding(6) var<storage, read_write> slots: array<vec4<f32>>;

struct Rule { rate: f32, decay: f32, clip: f32 }

// New weight and velocity of four elements.
fn next_quad(rule: Rule, q: u32) {
  let w = weights[q];
  let g = rule.clip * gradients[q] + rule.decay * w;
  let v = params.momentum * slots[q] + g;
  var moved = v;
  if (params.nesterov != 0u) { moved = g + params.momentum * v; }
  weights[q] = w - rule.rate * moved;
  slots[q] = v;
}

// The same of one element: c of quad q.
fn next_one(rule: Rule, q: u32, c: u32) {
  let w = weights[q][c];
  let g = rule.clip * gradients[q][c] + rule.decay * w;
  let v = params.momentum * slots[q][c] + g;
  var moved = v;
  if (params.nesterov != 0u) { moved = g + params.momentum * v; }
  weights[q][c] = w - rule.rate * moved;
  slots[q][c] = v;
}

// The 32 elements from quad `first` on, of which `bits` are inside the mask. What is outside is 0 already, and stays so.
fn next_word(rule: Rule, first: u32, bits: u32) {
  if (bits == 0xffffffffu) {
    for (var q = first; q < first + 8u; q++) { next_quad(rule, q); }
    return;
  }
  let wholes = whole_quads(bits);
  for (var left = wholes; left != 0u; left &= left - 1u) { next_quad(rule, first + countTrailingZeros(left) / 4u); }
  for (var left = bits & ~(15u * wholes); left != 0u; left &= left - 1u) {
    let i = countTrailingZeros(left);
    next_one(rule, first + i / 4u, i % 4u);
  }
}

// The first masked / 64 threads take a block of 64 elements with mask bits each, the others 16 elements without.
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let thread = flat_index(group, groups, local, 64u);
  let blocks = params.masked / 64u;
  let masked = thread < blocks;
  let first = select(4u * thread + 12u * blocks, 16u * thread, masked);
  if (first * 4u >= params.n) { return; }
  var bits = vec2<u32>(0xffffffffu);
  if (masked) { bits = vec2<u32>(mask[2u * thread], mask[2u * thread + 1u]); }
  if ((bits.x | bits.y) == 0u || status[STATUS_BAD_STEP] != NO_STEP) { return; }
  let tensor = params.blocks + table[first / 16u] * TENSOR_WORDS;
  if (table[tensor + 2u] == 0u) { return; }
  let rule = Rule(
    knob_f32(params.rate_knob) * bitcast<f32>(table[tensor]), params.decay * bitcast<f32>(table[tensor + 1u]), bitcast<f32>(status[STATUS_CLIP]),
  );
  if (masked) {
    next_word(rule, first, bits.x);
    next_word(rule, first + 8u, bits.y);
  } else {
    for (var q = first; q < first + 4u; q++) { next_quad(rule, q); }
  }
}
