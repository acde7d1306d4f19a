// dx = dy * act'; `saved` is the input x, or the output y where `from_output` is set (relu and tanh only).
// include index
// include activation
struct Params { n: u32, activation: u32, from_output: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> dy: array<f32>;
@group(1) @binding(2) var<storage, read> saved: array<f32>;
@group(1) @binding(3) var<storage, read_write> dx: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = flat_index(group, groups, local, 64u);
  if (i >= params.n) { return; }
  if (params.from_output != 0u) {
    dx[i] = dy[i] * slope_from_output(params.activation, saved[i]);
  } else {
    dx[i] = dy[i] * slope_from_input(params.activation, saved[i]);
  }
}
