// dX (in, batch) = (W^T (in, out) dY (out, batch)) * act'(X): the slope of the layer that made X, from its output.
// include activation
// slot weight
struct Params { out_size: u32, in_size: u32, batch: u32, activation: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> weight: array<Weight>;
@group(1) @binding(2) var<storage, read> dy: array<f32>;
@group(1) @binding(3) var<storage, read> saved: array<f32>;
@group(1) @binding(4) var<storage, read_write> dx: array<f32>;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let b = id.x;
  let i = id.y;
  if (b >= params.batch || i >= params.in_size) { return; }
  var sum = 0.0;
  for (var k = 0u; k < params.out_size; k++) {
    sum += f32(weight[k * params.in_size + i]) * dy[k * params.batch + b];
  }
  let at = i * params.batch + b;
  dx[at] = sum * slope_from_output(params.activation, saved[at]);
}
