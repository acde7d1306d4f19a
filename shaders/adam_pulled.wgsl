// Adam or AdamW over the whole flat vector, in place, with a pull to 0 that is kept out of the first moment (AST's form):
//   m = beta1 m + (1 - beta1) g;  u = m + pull w outside the mask;  v = beta2 v + (1 - beta2) u^2
//   w -= rate * (u / correction1) / (sqrt(v / correction2) + epsilon)   [and w *= 1 - rate * decay first, AdamW]
// All weights move; the mask only says which are pulled. slots holds m, then v. One thread four elements.
// include index
// include knob
// include status
// include params_table
struct Params { n: u32, masked: u32, blocks: u32, rate_knob: u32, correction_knob: u32, pull_knob: u32, beta1: f32, beta2: f32, epsilon: f32, decay: f32, decoupled: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> gradients: array<vec4<f32>>;
@group(1) @binding(2) var<storage, read> mask: array<u32>;
@group(1) @binding(3) var<storage, read> table: array<u32>;
@group(1) @binding(4) var<storage, read> status: array<u32>;
@group(1) @binding(5) var<storage, read_write> weights: array<vec4<f32>>;
@group(1) @binding(6) var<storage, read_write> slots: array<vec4<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let q = flat_index(group, groups, local, 64u);
  if (q * 4u >= params.n || status[STATUS_BAD_STEP] != NO_STEP) { return; }
  let tensor = params.blocks + table[q / 16u] * TENSOR_WORDS;
  if (table[tensor + 2u] == 0u) { return; }
  let rate = knob_f32(params.rate_knob) * bitcast<f32>(table[tensor]);
  let decay = params.decay * bitcast<f32>(table[tensor + 1u]);
  var bits = 15u;
  if (q * 4u < params.masked) { bits = mask[q / 8u] >> (4u * (q % 8u)); }
  let outside = (vec4<u32>(bits) & vec4<u32>(1u, 2u, 4u, 8u)) == vec4<u32>();
  var w = weights[q];
  var g = bitcast<f32>(status[STATUS_CLIP]) * gradients[q];
  let pulled = select(vec4<f32>(), knob_f32(params.pull_knob) * w, outside);
  if (params.decoupled != 0u) { w -= rate * decay * w; } else { g += decay * w; }
  let second = params.n / 4u + q;
  let m = params.beta1 * slots[q] + (1.0 - params.beta1) * g;
  let u = m + pulled;
  let v = params.beta2 * slots[second] + (1.0 - params.beta2) * u * u;
  weights[q] = w - rate * (u / knob_f32(params.correction_knob)) / (sqrt(v / knob_f32(params.correction_knob + 1u)) + params.epsilon);
  slots[q] = m;
  slots[second] = v;
}
