// x (features, batch) = the examples that indices name, and their labels (batch); examples (count, features) in f32.
// include index
struct Params { features: u32, batch: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> examples: array<f32>;
@group(1) @binding(2) var<storage, read> classes: array<u32>;
@group(1) @binding(3) var<storage, read> indices: array<u32>;
@group(1) @binding(4) var<storage, read_write> x: array<f32>;
@group(1) @binding(5) var<storage, read_write> labels: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = flat_index(group, groups, local, 64u);
  if (i >= params.features * params.batch) { return; }
  let b = i % params.batch;
  let example = indices[b];
  x[i] = examples[example * params.features + i / params.batch];
  if (i < params.batch) { labels[b] = classes[example]; }
}
