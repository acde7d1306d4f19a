// dX (channels, height, width, batch): the gradient of a window's output goes to the first of its largest inputs, which
// is found again. One thread an input; inputs of no window get 0.
// include index
// include pool_max
struct Params { channels: u32, height: u32, width: u32, batch: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> x: array<f32>;
@group(1) @binding(2) var<storage, read> dy: array<f32>;
@group(1) @binding(3) var<storage, read_write> dx: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = flat_index(group, groups, local, 64u);
  if (i >= params.channels * params.height * params.width * params.batch) { return; }
  let p = place_of(i, params.height, params.width);
  var d = 0.0;
  if (in_window(p)) {
    let window = window_of(p);
    if (largest(inputs_of(window)) == p.row % 2u * 2u + p.column % 2u) { d = dy[output_index(window)]; }
  }
  dx[i] = d;
}
