// Y (out, batch) = act(W (out, in) X (in, batch) + bias (out)); one thread an output, k ascending.
// include activation
// slot weight
struct Params { out_size: u32, in_size: u32, batch: u32, activation: u32, has_bias: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> weight: array<Weight>;
@group(1) @binding(2) var<storage, read> x: array<f32>;
@group(1) @binding(3) var<storage, read> bias: array<f32>;
@group(1) @binding(4) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let b = id.x;
  let o = id.y;
  if (b >= params.batch || o >= params.out_size) { return; }
  var sum = 0.0;
  for (var k = 0u; k < params.in_size; k++) {
    sum += f32(weight[o * params.in_size + k]) * x[k * params.batch + b];
  }
  if (params.has_bias != 0u) { sum += bias[o]; }
  y[o * params.batch + b] = activate(params.activation, sum);
}
