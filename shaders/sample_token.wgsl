// Writes one character behind another: ids[place + 1] is drawn from softmax(logits[., place] / temperature), with logits
// (vocabulary, context); at temperature 0 it is the likeliest, the first of equals. One thread.
// include knob
// include random
struct Params { vocabulary: u32, context: u32, seed: u32, place_knob: u32, draw_knob: u32, temperature_knob: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> logits: array<f32>;
@group(1) @binding(2) var<storage, read_write> ids: array<u32>;

@compute @workgroup_size(1)
fn main() {
  let place = knob_u32(params.place_knob);
  if (place + 1u >= params.context) { return; }
  var best = 0u;
  for (var c = 1u; c < params.vocabulary; c++) {
    if (logits[c * params.context + place] > logits[best * params.context + place]) { best = c; }
  }
  let temperature = knob_f32(params.temperature_knob);
  if (temperature > 0.0) {
    let top = logits[best * params.context + place];
    var total = 0.0;
    for (var c = 0u; c < params.vocabulary; c++) { total += exp((logits[c * params.context + place] - top) / temperature); }
    let wanted = random_uniform(params.seed, PURPOSE_WRITE, knob_u32(params.draw_knob), 0u) * total;
    var sum = 0.0;
    for (var c = 0u; c < params.vocabulary; c++) {
      sum += exp((logits[c * params.context + place] - top) / temperature);
      if (sum > wanted) {
        best = c;
        break;
      }
    }
  }
  ids[place + 1u] = best;
}
