// dW (out, in) = dY (out, batch) X^T (batch, in), and db (out) = sum of dY over the batch; batch ascending.
struct Params { out_size: u32, in_size: u32, batch: u32, has_bias: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> dy: array<f32>;
@group(1) @binding(2) var<storage, read> x: array<f32>;
@group(1) @binding(3) var<storage, read_write> dw: array<f32>;
@group(1) @binding(4) var<storage, read_write> db: array<f32>;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = id.x;
  let o = id.y;
  if (i >= params.in_size || o >= params.out_size) { return; }
  var sum = 0.0;
  var total = 0.0;
  for (var k = 0u; k < params.batch; k++) {
    let d = dy[o * params.batch + k];
    sum += d * x[i * params.batch + k];
    total += d;
  }
  dw[o * params.in_size + i] = sum;
  if (i == 0u && params.has_bias != 0u) { db[o] = total; }
}
