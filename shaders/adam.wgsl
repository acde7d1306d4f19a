// Adam (Kingma and Ba 2015), or AdamW (Loshchilov and Hutter 2019) where `decoupled` is set, over the flat vector:
//   m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g^2
//   w -= rate * (m / correction1) / (sqrt(v / correction2) + epsilon)   [and w *= 1 - rate * decay first, AdamW]
// The corrections 1 - beta^t come from the CPU. slots holds m, then v. Masked elements are 0 before and after; gradients are not looked at where four are masked.
// include index
// include knob
// include status
// include params_table
// include mask_bits
struct Params { n: u32, masked: u32, blocks: u32, rate_knob: u32, correction_knob: u32, beta1: f32, beta2: f32, epsilon: f32, decay: f32, decoupled: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> gradients: array<vec4<f32>>;
@group(1) @binding(2) var<storage, read> mask: array<u32>;
@group(1) @binding(3) var<storage, read> table: array<u32>;
@group(1) @binding(4) var<storage, read> status: array<u32>;
@group(1) @binding(5) var<storage, read_write> weights: array<vec4<f32>>;
@group(1) @binding(6) var<storage, read_write> slots: array<vec4<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  // Four threads share a block of 64 elements, which belongs to one tensor: its facts are looked up once for four quads.
  let thread = flat_index(group, groups, local, 64u);
  let chunk = thread / 4u;
  if (chunk * 64u >= params.n || status[STATUS_BAD_STEP] != NO_STEP) { return; }
  let tensor = params.blocks + table[chunk] * TENSOR_WORDS;
  if (table[tensor + 2u] == 0u) { return; }
  let rate = knob_f32(params.rate_knob) * bitcast<f32>(table[tensor]);
  let decay = params.decay * bitcast<f32>(table[tensor + 1u]);
  let clip = bitcast<f32>(status[STATUS_CLIP]);
  let masked = chunk * 64u < params.masked;
  let correction1 = knob_f32(params.correction_knob);
  let correction2 = knob_f32(params.correction_knob + 1u);
  let second = params.n / 4u;
  for (var q = chunk * 16u + thread % 4u; q < chunk * 16u + 16u; q += 4u) {
    var keep = vec4<bool>(true);
    if (masked) {
      let bits = (mask[q >> 3u] >> ((q & 7u) * 4u)) & 15u;
      // What is outside the mask is 0 already, and stays so.
      if (bits == 0u) { continue; }
      keep = kept(bits);
    }
    var w = weights[q];
    var g = clip * gradients[q];
    if (params.decoupled != 0u) { w -= rate * decay * w; } else { g += decay * w; }
    var m = params.beta1 * slots[q] + (1.0 - params.beta1) * g;
    var v = params.beta2 * slots[second + q] + (1.0 - params.beta2) * g * g;
    var next = w - rate * (m / correction1) / (sqrt(v / correction2) + params.epsilon);
    next = select(vec4<f32>(0.0), next, keep);
    m = select(vec4<f32>(0.0), m, keep);
    v = select(vec4<f32>(0.0), v, keep);
    weights[q] = next;
    slots[q] = m;
    slots[second + q] = v;
  }
}
