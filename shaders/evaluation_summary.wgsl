// One thread closes a batch of an evaluation: sums loss and correct answers of the `valid` first examples
// into row `slot` of the evaluations ring (2 words: f32 loss sum, u32 correct).
// include knob
struct Params { batch: u32, ring_rows: u32, valid_knob: u32, slot_knob: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> loss: array<f32>;
@group(1) @binding(2) var<storage, read> correct: array<u32>;
@group(1) @binding(3) var<storage, read_write> evaluations: array<u32>;

@compute @workgroup_size(1)
fn main() {
  let valid = min(knob_u32(params.valid_knob), params.batch);
  var sum = 0.0;
  var right = 0u;
  for (var b = 0u; b < valid; b++) {
    sum += loss[b];
    right += correct[b];
  }
  let row = (knob_u32(params.slot_knob) % params.ring_rows) * 2u;
  evaluations[row] = bitcast<u32>(sum);
  evaluations[row + 1u] = right;
}
