// sums[c] = sum of x over chunk c of `chunk` elements, ascending, times `scale`. Chunks are fixed by the shape.
// include index
struct Params { n: u32, chunk: u32, scale: f32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> x: array<f32>;
@group(1) @binding(2) var<storage, read_write> sums: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let c = flat_index(group, groups, local, 64u);
  let start = c * params.chunk;
  if (start >= params.n) { return; }
  let end = min(start + params.chunk, params.n);
  var sum = 0.0;
  for (var i = start; i < end; i++) { sum += x[i]; }
  sums[c] = sum * params.scale;
}
