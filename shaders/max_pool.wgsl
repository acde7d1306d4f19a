// Y (channels, height / 2, width / 2, batch): the largest of each window of 2 x 2.
// include index
// include span
// include pool_max
struct Params { channels: u32, height: u32, width: u32, batch: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> x: array<f32>;
@group(1) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let span = span_at(flat_index(group, groups, local, 64u), params.batch);
  let w = window_at(span.row, params.width / 2u, params.height / 2u);
  if (w.channel >= params.channels) { return; }
  let from_x = corner(w);
  let to_y = output_at(w);
  for (var b = span.start; b < span.end; b++) {
    let four = inputs_of(from_x + b);
    y[to_y + b] = four[largest(four)];
  }
}
