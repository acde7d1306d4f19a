// SGD with momentum over the whole flat parameter vector, 16 elements a thread (PyTorch's form, Sutskever et al. 2013):
//   g = clip * gradient + decay * w;  v = momentum * v + g;  w -= rate * (nesterov ? g + momentum * v : v)
// Where the mask bit is 0, weight and velocity are 0 before and after; gradients are not looked at where four are 0. Nothing changes once the divergence flag is up.
// include index
// include knob
// include status
// include params_table
// include mask_bits
struct Params { n: u32, masked: u32, blocks: u32, rate_knob: u32, momentum: f32, nesterov: u32, decay: f32 }
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
  for (var q = chunk * 16u + thread % 4u; q < chunk * 16u + 16u; q += 4u) {
    var keep = vec4<bool>(true);
    if (masked) {
      let bits = (mask[q >> 3u] >> ((q & 7u) * 4u)) & 15u;
      // What is outside the mask is 0 already, and stays so.
      if (bits == 0u) { continue; }
      keep = kept(bits);
    }
    let w = weights[q];
    let g = clip * gradients[q] + decay * w;
    var v = params.momentum * slots[q] + g;
    var moved = v;
    if (params.nesterov != 0u) { moved = g + params.momentum * v; }
    var next = w - rate * moved;
    next = select(vec4<f32>(0.0), next, keep);
    v = select(vec4<f32>(0.0), v, keep);
    weights[q] = next;
    slots[q] = v;
  }
}
