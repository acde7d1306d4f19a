// Adam (Kingma and Ba 2015), or AdamW (Loshchilov and Hutter 2019) where `decoupled` is set:
//   m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g^2
//   w -= rate * (m / correction1) / (sqrt(v / correction2) + epsilon)   [and w *= 1 - rate * decay first, AdamW]
// The corrections 1 - beta^t come from the CPU. slots holds m, then v.
// include knob
// include status
struct Rule { rate: f32, decay: f32, clip: f32, correction1: f32, correction2: f32 }

// What holds for all elements of a tensor, whose facts begin at this word of the table.
fn rule_of(tensor: u32) -> Rule {
  return Rule(
    knob_f32(params.rate_knob) * bitcast<f32>(table[tensor]), params.decay * bitcast<f32>(table[tensor + 1u]), bitcast<f32>(status[STATUS_CLIP]),
    knob_f32(params.correction_knob), knob_f32(params.correction_knob + 1u),
  );
}

// New weight and moments of four elements, of those that are inside the mask.
fn next_quad(rule: Rule, q: u32, inside: vec4<bool>) {
  let second = params.n / 4u + q;
  let before = weights[q];
  let moments = array<vec4<f32>, 2>(slots[q], slots[second]);
  var w = before;
  var g = rule.clip * gradients[q];
  if (params.decoupled != 0u) { w -= rule.rate * rule.decay * w; } else { g += rule.decay * w; }
  let m = params.beta1 * moments[0] + (1.0 - params.beta1) * g;
  let v = params.beta2 * moments[1] + (1.0 - params.beta2) * g * g;
  weights[q] = select(before, w - rule.rate * (m / rule.correction1) / (sqrt(v / rule.correction2) + params.epsilon), inside);
  slots[q] = select(moments[0], m, inside);
  slots[second] = select(moments[1], v, inside);
}

// The same of one element: c of quad q.
fn next_one(rule: Rule, q: u32, c: u32) {
  let second = params.n / 4u + q;
  var w = weights[q][c];
  var g = rule.clip * gradients[q][c];
  if (params.decoupled != 0u) { w -= rule.rate * rule.decay * w; } else { g += rule.decay * w; }
  let m = params.beta1 * slots[q][c] + (1.0 - params.beta1) * g;
  let v = params.beta2 * slots[second][c] + (1.0 - params.beta2) * g * g;
  weights[q][c] = w - rule.rate * (m / rule.correction1) / (sqrt(v / rule.correction2) + params.epsilon);
  slots[q][c] = m;
  slots[second][c] = v;
}
