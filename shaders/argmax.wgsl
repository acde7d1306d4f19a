// best (batch) = class with the largest logit, ties to the lower class; logits (classes, batch).
// include index
struct Params { classes: u32, batch: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> logits: array<f32>;
@group(1) @binding(2) var<storage, read_write> best: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let b = flat_index(group, groups, local, 64u);
  if (b >= params.batch) { return; }
  var top = logits[b];
  var at = 0u;
  for (var c = 1u; c < params.classes; c++) {
    let v = logits[c * params.batch + b];
    if (v > top) { top = v; at = c; }
  }
  best[b] = at;
}
