// Y (out, batch) = act(W (out, in) X (in, batch) + bias (out)); a thread computes 8 rows by 8 columns.
// Order of sums: k ascending, one accumulator an output, the bits of linear_forward.
// Each thread keeps 8 x 8 sums in registers, written out by hand: on SwiftShader a loop over an array of sums is 7 times
// slower. Reads beyond the edge are harmless (WebGPU keeps them inside the buffer) and their sums are never stored.
// include activation
// slot weight
struct Params { out_size: u32, in_size: u32, batch: u32, activation: u32, has_bias: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> weight: array<Weight>;
@group(1) @binding(2) var<storage, read> x: array<f32>;
@group(1) @binding(3) var<storage, read> bias: array<f32>;
@group(1) @binding(4) var<storage, read_write> y: array<f32>;

fn put(o: u32, b: u32, sum: f32, shift: f32) {
  if (b < params.batch) {
    let biased = select(sum, sum + shift, params.has_bias != 0u);
    y[o * params.batch + b] = activate(params.activation, biased);
  }
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let row = id.y * 8u;
  let column = id.x * 8u;
  let depth = params.in_size;
  if (row >= params.out_size || column >= params.batch) { return; }
  var s0a = vec4<f32>(); var s0b = vec4<f32>();
  var s1a = vec4<f32>(); var s1b = vec4<f32>();
  var s2a = vec4<f32>(); var s2b = vec4<f32>();
  var s3a = vec4<f32>(); var s3b = vec4<f32>();
  var s4a = vec4<f32>(); var s4b = vec4<f32>();
  var s5a = vec4<f32>(); var s5b = vec4<f32>();
  var s6a = vec4<f32>(); var s6b = vec4<f32>();
  var s7a = vec4<f32>(); var s7b = vec4<f32>();
  for (var k = 0u; k < depth; k++) {
    let at = k * params.batch + column;
    let x0 = vec4<f32>(x[at], x[at + 1u], x[at + 2u], x[at + 3u]);
    let x1 = vec4<f32>(x[at + 4u], x[at + 5u], x[at + 6u], x[at + 7u]);
    let l0 = f32(weight[row * depth + k]);
    s0a += l0 * x0; s0b += l0 * x1;
    let l1 = f32(weight[(row + 1u) * depth + k]);
    s1a += l1 * x0; s1b += l1 * x1;
    let l2 = f32(weight[(row + 2u) * depth + k]);
    s2a += l2 * x0; s2b += l2 * x1;
    let l3 = f32(weight[(row + 3u) * depth + k]);
    s3a += l3 * x0; s3b += l3 * x1;
    let l4 = f32(weight[(row + 4u) * depth + k]);
    s4a += l4 * x0; s4b += l4 * x1;
    let l5 = f32(weight[(row + 5u) * depth + k]);
    s5a += l5 * x0; s5b += l5 * x1;
    let l6 = f32(weight[(row + 6u) * depth + k]);
    s6a += l6 * x0; s6b += l6 * x1;
    let l7 = f32(weight[(row + 7u) * depth + k]);
    s7a += l7 * x0; s7b += l7 * x1;
  }
  let sums = array<vec4<f32>, 16>(
    s0a, s0b, s1a, s1b, s2a, s2b, s3a, s3b,
    s4a, s4b, s5a, s5b, s6a, s6b, s7a, s7b,
  );
  // A bound that only the run knows keeps the driver from unrolling: on lavapipe 0.4 s to compile instead of 2.2 s.
  let count = min(16u, 2u * (params.out_size - row));
  // So the activation is compiled four times, not 64.
  for (var i = 0u; i < count; i++) {
    let o = row + i / 2u;
    let b = column + 4u * (i % 2u);
    let v = sums[i];
    let shift = bias[o];
    put(o, b, v.x, shift);
    put(o, b + 1u, v.y, shift);
    put(o, b + 2u, v.z, shift);
    put(o, b + 3u, v.w, shift);
  }
}
