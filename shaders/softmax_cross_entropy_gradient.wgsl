// dlogits (classes, batch) = (softmax(logits) - onehot(label)) * d (batch); d is the same for all examples
// (`scale` times a knob) unless `per_row` is set.
// include index
// include knob
struct Params { classes: u32, batch: u32, scale: f32, scale_knob: u32, per_row: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> logits: array<f32>;
@group(1) @binding(2) var<storage, read> labels: array<u32>;
@group(1) @binding(3) var<storage, read> drow: array<f32>;
@group(1) @binding(4) var<storage, read_write> dlogits: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let b = flat_index(group, groups, local, 64u);
  if (b >= params.batch) { return; }
  var top = logits[b];
  for (var c = 1u; c < params.classes; c++) { top = max(top, logits[c * params.batch + b]); }
  var sum = 0.0;
  for (var c = 0u; c < params.classes; c++) {
    sum += exp(logits[c * params.batch + b] - top);
  }
  var d = params.scale * knob_scale(params.scale_knob);
  if (params.per_row != 0u) { d = drow[b]; }
  let label = min(labels[b], params.classes - 1u);
  for (var c = 0u; c < params.classes; c++) {
    let at = c * params.batch + b;
    let p = exp(logits[at] - top) / sum;
    dlogits[at] = (p - select(0.0, 1.0, c == label)) * d;
  }
}
