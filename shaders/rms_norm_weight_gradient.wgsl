// dgain (features) = sum over the batch of dy * x * scale; one thread a feature, batch ascending.
// include index
struct Params { features: u32, batch: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> x: array<f32>;
@group(1) @binding(2) var<storage, read> scales: array<f32>;
@group(1) @binding(3) var<storage, read> dy: array<f32>;
@group(1) @binding(4) var<storage, read_write> dgain: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let f = flat_index(group, groups, local, 64u);
  if (f >= params.features) { return; }
  var sum = 0.0;
  for (var b = 0u; b < params.batch; b++) {
    let at = f * params.batch + b;
    sum += dy[at] * (x[at] * scales[b]);
  }
  dgain[f] = sum;
}
