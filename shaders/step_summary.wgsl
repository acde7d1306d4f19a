// One thread closes a step: total loss, correct answers, gradient norm, clip factor; a row of the ring; the flag.
// losses holds one term every 64 elements; term t is weighted by weights[t] = f32 knob first_weight + t, or 1.
// ring row (8 words): step, total loss, correct, gradient norm, then up to 4 loss terms.
// include knob
// include finite
// include status
struct Params { terms: u32, batch: u32, partials: u32, clip: f32, ring_rows: u32, step_knob: u32, weight_knob: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> losses: array<f32>;
@group(1) @binding(2) var<storage, read> correct: array<u32>;
@group(1) @binding(3) var<storage, read> partials: array<f32>;
@group(1) @binding(4) var<storage, read_write> status: array<u32>;
@group(1) @binding(5) var<storage, read_write> ring: array<u32>;

@compute @workgroup_size(1)
fn main() {
  let step = knob_u32(params.step_knob);
  let row = (step % params.ring_rows) * 8u;
  var total = 0.0;
  for (var t = 0u; t < params.terms; t++) {
    let term = losses[64u * t];
    var weight = 1.0;
    if (params.weight_knob != NO_KNOB) { weight = knob_f32(params.weight_knob + t); }
    total += weight * term;
    if (t < 4u) { ring[row + 4u + t] = bitcast<u32>(term); }
  }
  var right = 0u;
  for (var b = 0u; b < params.batch; b++) { right += correct[b]; }
  var squares = 0.0;
  for (var c = 0u; c < params.partials; c++) { squares += partials[c]; }
  let norm = sqrt(squares);
  var factor = 1.0;
  if (params.clip > 0.0 && norm > params.clip) { factor = params.clip / norm; }
  status[STATUS_CLIP] = bitcast<u32>(factor);
  status[STATUS_NORM] = bitcast<u32>(norm);
  // A norm that overflowed would turn clipped gradients into zeros without a word.
  if ((!is_finite(total) || !is_finite(norm)) && status[STATUS_BAD_STEP] > step) {
    status[STATUS_BAD_STEP] = step;
    status[STATUS_BAD_TENSOR] = TENSOR_LOSS;
  }
  ring[row] = step;
  ring[row + 1u] = bitcast<u32>(total);
  ring[row + 2u] = right;
  ring[row + 3u] = bitcast<u32>(norm);
}
