// dX (in, batch) = (W^T (in, out) dY (out, batch)) * act'(X): the slope of the layer that made X, from its output.
// A thread computes 8 rows by 8 columns. Order of sums: k ascending over out, one accumulator an output, the bits of
// linear_input_gradient.
// Each thread keeps 8 x 8 sums in registers, written out by hand: on SwiftShader a loop over an array of sums is 7 times
// slower. Reads beyond the edge are harmless (WebGPU keeps them inside the buffer) and their sums are never stored.
// include activation
// slot weight
struct Params { out_size: u32, in_size: u32, batch: u32, activation: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> weight: array<Weight>;
@group(1) @binding(2) var<storage, read> dy: array<f32>;
@group(1) @binding(3) var<storage, read> saved: array<f32>;
@group(1) @binding(4) var<storage, read_write> dx: array<f32>;

fn put(i: u32, b: u32, sum: f32) {
  if (b < params.batch) {
    let at = i * params.batch + b;
    dx[at] = sum * slope_from_output(params.activation, saved[at]);
  }
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let row = id.y * 8u;
  let column = id.x * 8u;
  if (row >= params.in_size || column >= params.batch) { return; }
  var s0a = vec4<f32>(); var s0b = vec4<f32>();
  var s1a = vec4<f32>(); var s1b = vec4<f32>();
  var s2a = vec4<f32>(); var s2b = vec4<f32>();
  var s3a = vec4<f32>(); var s3b = vec4<f32>();
  var s4a = vec4<f32>(); var s4b = vec4<f32>();
  var s5a = vec4<f32>(); var s5b = vec4<f32>();
  var s6a = vec4<f32>(); var s6b = vec4<f32>();
  var s7a = vec4<f32>(); var s7b = vec4<f32>();
  for (var k = 0u; k < params.out_size; k++) {
    let at = k * params.batch + column;
    let d0 = vec4<f32>(dy[at], dy[at + 1u], dy[at + 2u], dy[at + 3u]);
    let d1 = vec4<f32>(dy[at + 4u], dy[at + 5u], dy[at + 6u], dy[at + 7u]);
    let down = k * params.in_size + row;
    let l0 = f32(weight[down]);
    s0a += l0 * d0; s0b += l0 * d1;
    let l1 = f32(weight[down + 1u]);
    s1a += l1 * d0; s1b += l1 * d1;
    let l2 = f32(weight[down + 2u]);
    s2a += l2 * d0; s2b += l2 * d1;
    let l3 = f32(weight[down + 3u]);
    s3a += l3 * d0; s3b += l3 * d1;
    let l4 = f32(weight[down + 4u]);
    s4a += l4 * d0; s4b += l4 * d1;
    let l5 = f32(weight[down + 5u]);
    s5a += l5 * d0; s5b += l5 * d1;
    let l6 = f32(weight[down + 6u]);
    s6a += l6 * d0; s6b += l6 * d1;
    let l7 = f32(weight[down + 7u]);
    s7a += l7 * d0; s7b += l7 * d1;
  }
  let sums = array<vec4<f32>, 16>(
    s0a, s0b, s1a, s1b, s2a, s2b, s3a, s3b,
    s4a, s4b, s5a, s5b, s6a, s6b, s7a, s7b,
  );
  // A bound that only the run knows keeps the driver from unrolling: on lavapipe 0.4 s to compile instead of 2.2 s.
  let count = min(16u, 2u * (params.in_size - row));
  // So the slope is compiled four times, not 64.
  for (var r = 0u; r < count; r++) {
    let i = row + r / 2u;
    let b = column + 4u * (r % 2u);
    let v = sums[r];
    put(i, b, v.x);
    put(i, b + 1u, v.y);
    put(i, b + 2u, v.z);
    put(i, b + 3u, v.w);
  }
}
