// total = keep * total + scale * x, element by element; with keep = 0 what was there is not read.
// include index
struct Params { n: u32, keep: f32, scale: f32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> x: array<f32>;
@group(1) @binding(2) var<storage, read_write> total: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = flat_index(group, groups, local, 64u);
  if (i >= params.n) { return; }
  let added = params.scale * x[i];
  if (params.keep == 0.0) {
    total[i] = added;
  } else {
    total[i] = params.keep * total[i] + added;
  }
}
