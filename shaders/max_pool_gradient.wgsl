// dX (channels, height, width, batch): the gradient of a window's output goes to the first of its largest inputs, which is
// found again. A thread takes a window, also one that an odd edge cuts, whose inputs get 0: every input is written once.
// include index
// include span
// include pool_max
struct Params { channels: u32, height: u32, width: u32, batch: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> x: array<f32>;
@group(1) @binding(2) var<storage, read> dy: array<f32>;
@group(1) @binding(3) var<storage, read_write> dx: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let span = span_at(flat_index(group, groups, local, 64u), params.batch);
  let w = window_at(span.row, (params.width + 1u) / 2u, (params.height + 1u) / 2u);
  if (w.channel >= params.channels) { return; }
  let whole = is_whole(w);
  let to_x = corner(w);
  let from_y = output_at(w);
  for (var b = span.start; b < span.end; b++) {
    var best = 4u;
    var d = 0.0;
    if (whole) {
      best = largest(inputs_of(to_x + b));
      d = dy[from_y + b];
    }
    for (var j = 0u; j < 4u; j++) {
      if (has_input(w, j)) { dx[to_x + b + input_step(j)] = select(0.0, d, j == best); }
    }
  }
}
