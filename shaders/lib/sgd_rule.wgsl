// PyTorch's form of SGD with momentum (Sutskever et al. 2013):
//   g = clip * gradient + decay * w;  v = momentum * v + g;  w -= rate * (nesterov ? g + momentum * v : v)
// include knob
// include status
struct Rule { rate: f32, decay: f32, clip: f32 }

// What holds for all elements of a tensor, whose facts begin at this word of the table.
fn rule_of(tensor: u32) -> Rule {
  return Rule(
    knob_f32(params.rate_knob) * bitcast<f32>(table[tensor]), params.decay * bitcast<f32>(table[tensor + 1u]), bitcast<f32>(status[STATUS_CLIP]),
  );
}

// New weight and velocity of four elements, of those that are inside the mask.
fn next_quad(rule: Rule, q: u32, inside: vec4<bool>) {
  let w = weights[q];
  let g = rule.clip * gradients[q] + rule.decay * w;
  let before = slots[q];
  let v = params.momentum * before + g;
  var moved = v;
  if (params.nesterov != 0u) { moved = g + params.momentum * v; }
  weights[q] = select(w, w - rule.rate * moved, inside);
  slots[q] = select(before, v, inside);
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
