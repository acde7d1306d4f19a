// Adam (Kingma and Ba 2015), or AdamW (Loshchilov and Hutter 2019) where `decoupled` is set, over the flat vector:
//   m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g^2
//   w -= rate * (m / correction1) / (sqrt(v / correction2) + epsilon)   [and w *= 1 - rate * decay first, AdamW]
// The corrections 1 - beta^t come from the CPU. slots holds m, then v. Masked elements are 0 before and after, and not looked at.
// include index
// include knob
// include status
// include params_table
// include whole_quads
struct Params { n: u32, masked: u32, blocks: u32, rate_knob: u32, correction_knob: u32, beta1: f32, beta2: f32, epsilon: f32, decay: f32, decoupled: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> gradients: array<vec4<f32>>;
@group(1) @binding(2) var<storage, read> mask: array<u32>;
@group(1) @binding(3) var<storage, read> table: array<u32>;
@group(1) @binding(4) var<storage, read> status: array<u32>;
@group(1) @binding(5) var<storage, read_write> weights: array<vec4<f32>>;
@group(1) @binding(6) var<storage, read_write> slots: array<vec4<f32>>;

struct Rule { rate: f32, decay: f32, clip: f32, correction1: f32, correction2: f32 }

// New weight and moments of four elements; `second` is where the second moments begin, in quads.
fn next_quad(rule: Rule, q: u32, second: u32) {
  var w = weights[q];
  var g = rule.clip * gradients[q];
  if (params.decoupled != 0u) { w -= rule.rate * rule.decay * w; } else { g += rule.decay * w; }
  let m = params.beta1 * slots[q] + (1.0 - params.beta1) * g;
  let v = params.beta2 * slots[second + q] + (1.0 - params.beta2) * g * g;
  weights[q] = w - rule.rate * (m / rule.correction1) / (sqrt(v / rule.correction2) + params.epsilon);
  slots[q] = m;
  slots[second + q] = v;
}

// The same of one element: c of quad q.
fn next_one(rule: Rule, q: u32, c: u32, second: u32) {
  var w = weights[q][c];
  var g = rule.clip * gradients[q][c];
  if (params.decoupled != 0u) { w -= rule.rate * rule.decay * w; } else { g += rule.decay * w; }
  let m = params.beta1 * slots[q][c] + (1.0 - params.beta1) * g;
  let v = params.beta2 * slots[second + q][c] + (1.0 - params.beta2) * g * g;
  weights[q][c] = w - rule.rate * (m / rule.correction1) / (sqrt(v / rule.correction2) + params.epsilon);
  slots[q][c] = m;
  slots[second + q][c] = v;
}

// The 32 elements from quad `first` on, of which `bits` are inside the mask. What is outside is 0 already, and stays so.
fn next_word(rule: Rule, first: u32, bits: u32, second: u32) {
  if (bits == 0xffffffffu) {
    for (var q = first; q < first + 8u; q++) { next_quad(rule, q, second); }
    return;
  }
  let wholes = whole_quads(bits);
  for (var left = wholes; left != 0u; left &= left - 1u) { next_quad(rule, first + countTrailingZeros(left) / 4u, second); }
  for (var left = bits & ~(15u * wholes); left != 0u; left &= left - 1u) {
    let i = countTrailingZeros(left);
    next_one(rule, first + i / 4u, i % 4u, second);
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
    knob_f32(params.correction_knob), knob_f32(params.correction_knob + 1u),
  );
  let second = params.n / 4u;
  if (masked) {
    next_word(rule, first, bits.x, second);
    next_word(rule, first + 8u, bits.y, second);
  } else {
    for (var q = first; q < first + 4u; q++) { next_quad(rule, q, second); }
  }
}
