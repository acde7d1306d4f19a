// partials[c] = sum of squares of chunk c of the flat gradient, ascending. A non-finite gradient is noted in the
// status: the first step that had one, and in it the lowest tensor.
// include index
// include knob
// include finite
// include status
struct Params { n: u32, chunk: u32, step_knob: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> gradients: array<f32>;
@group(1) @binding(2) var<storage, read> table: array<u32>;
@group(1) @binding(3) var<storage, read_write> partials: array<f32>;
@group(1) @binding(4) var<storage, read_write> status: array<atomic<u32>>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let c = flat_index(group, groups, local, 64u);
  let start = c * params.chunk;
  if (start >= params.n) { return; }
  let end = min(start + params.chunk, params.n);
  var sum = 0.0;
  var bad = NO_STEP;
  for (var i = start; i < end; i++) {
    let g = gradients[i];
    if (!is_finite(g)) { bad = min(bad, table[i >> 6u]); }
    sum += g * g;
  }
  partials[c] = sum;
  if (bad != NO_STEP) {
    let step = knob_u32(params.step_knob);
    if (atomicMin(&status[STATUS_BAD_STEP], step) >= step) { atomicMin(&status[STATUS_BAD_TENSOR], bad); }
  }
}
