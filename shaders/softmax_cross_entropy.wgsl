// loss (batch) = log sum exp(logits) - logits[label], and correct (batch) = 1 where the label has the largest logit
// (ties to the lower class). logits (classes, batch); one thread an example, classes ascending.
// include index
struct Params { classes: u32, batch: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> logits: array<f32>;
@group(1) @binding(2) var<storage, read> labels: array<u32>;
@group(1) @binding(3) var<storage, read_write> loss: array<f32>;
@group(1) @binding(4) var<storage, read_write> correct: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let b = flat_index(group, groups, local, 64u);
  if (b >= params.batch) { return; }
  var top = logits[b];
  var best = 0u;
  for (var c = 1u; c < params.classes; c++) {
    let v = logits[c * params.batch + b];
    if (v > top) { top = v; best = c; }
  }
  var sum = 0.0;
  for (var c = 0u; c < params.classes; c++) {
    sum += exp(logits[c * params.batch + b] - top);
  }
  let label = min(labels[b], params.classes - 1u);
  loss[b] = log(sum) + (top - logits[label * params.batch + b]);
  correct[b] = select(0u, 1u, best == label);
}
