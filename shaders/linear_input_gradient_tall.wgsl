// dX (in, batch) = (W^T (in, out) dY (out, batch)) * act'(X): the slope of the layer that made X, from its output.
// A thread computes 16 rows by 8 columns. Order of sums: k ascending over out, one accumulator an output, the bits of
// linear_input_gradient. For in % 4 == 0 and batch % 4 == 0.
// Each thread keeps 16 x 8 sums in registers, written out by hand: on SwiftShader a loop over an array of sums is 7 times
// slower. Reads beyond the edge are harmless (WebGPU keeps them inside the buffer) and their sums are never stored.
// include activation
// slot weight
struct Params { out_size: u32, in_size: u32, batch: u32, activation: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> weight: array<vec4<Weight>>;
@group(1) @binding(2) var<storage, read> dy: array<vec4<f32>>;
@group(1) @binding(3) var<storage, read> saved: array<vec4<f32>>;
@group(1) @binding(4) var<storage, read_write> dx: array<vec4<f32>>;

fn slope(v: f32) -> f32 {
  return slope_from_output(params.activation, v);
}

@compute @workgroup_size(8, 4)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let row = id.y * 16u;
  // In vec4.
  let column = id.x * 2u;
  let width = params.batch / 4u;
  let height = params.in_size / 4u;
  if (row >= params.in_size || column >= width) { return; }
  var s0a = vec4<f32>(); var s0b = vec4<f32>();
  var s1a = vec4<f32>(); var s1b = vec4<f32>();
  var s2a = vec4<f32>(); var s2b = vec4<f32>();
  var s3a = vec4<f32>(); var s3b = vec4<f32>();
  var s4a = vec4<f32>(); var s4b = vec4<f32>();
  var s5a = vec4<f32>(); var s5b = vec4<f32>();
  var s6a = vec4<f32>(); var s6b = vec4<f32>();
  var s7a = vec4<f32>(); var s7b = vec4<f32>();
  var s8a = vec4<f32>(); var s8b = vec4<f32>();
  var s9a = vec4<f32>(); var s9b = vec4<f32>();
  var s10a = vec4<f32>(); var s10b = vec4<f32>();
  var s11a = vec4<f32>(); var s11b = vec4<f32>();
  var s12a = vec4<f32>(); var s12b = vec4<f32>();
  var s13a = vec4<f32>(); var s13b = vec4<f32>();
  var s14a = vec4<f32>(); var s14b = vec4<f32>();
  var s15a = vec4<f32>(); var s15b = vec4<f32>();
  for (var k = 0u; k < params.out_size; k++) {
    let at = k * width + column;
    let d0 = dy[at];
    let d1 = dy[at + 1u];
    let down = k * height + id.y * 4u;
    let w0 = vec4<f32>(weight[down]);
    let w1 = vec4<f32>(weight[down + 1u]);
    let w2 = vec4<f32>(weight[down + 2u]);
    let w3 = vec4<f32>(weight[down + 3u]);
    s0a += w0.x * d0; s0b += w0.x * d1;
    s1a += w0.y * d0; s1b += w0.y * d1;
    s2a += w0.z * d0; s2b += w0.z * d1;
    s3a += w0.w * d0; s3b += w0.w * d1;
    s4a += w1.x * d0; s4b += w1.x * d1;
    s5a += w1.y * d0; s5b += w1.y * d1;
    s6a += w1.z * d0; s6b += w1.z * d1;
    s7a += w1.w * d0; s7b += w1.w * d1;
    s8a += w2.x * d0; s8b += w2.x * d1;
    s9a += w2.y * d0; s9b += w2.y * d1;
    s10a += w2.z * d0; s10b += w2.z * d1;
    s11a += w2.w * d0; s11b += w2.w * d1;
    s12a += w3.x * d0; s12b += w3.x * d1;
    s13a += w3.y * d0; s13b += w3.y * d1;
    s14a += w3.z * d0; s14b += w3.z * d1;
    s15a += w3.w * d0; s15b += w3.w * d1;
  }
  let sums = array<vec4<f32>, 32>(
    s0a, s0b, s1a, s1b, s2a, s2b, s3a, s3b,
    s4a, s4b, s5a, s5b, s6a, s6b, s7a, s7b,
    s8a, s8b, s9a, s9b, s10a, s10b, s11a, s11b,
    s12a, s12b, s13a, s13b, s14a, s14b, s15a, s15b,
  );
  // A bound that only the run knows keeps the driver from unrolling: on lavapipe 0.4 s to compile instead of 2.2 s.
  let count = min(32u, 2u * (params.in_size - row));
  // So the slope is compiled once.
  for (var r = 0u; r < count; r++) {
    let i = row + r / 2u;
    let b = column + r % 2u;
    if (b >= width) { continue; }
    let at = i * width + b;
    let made = saved[at];
    dx[at] = sums[r] * vec4<f32>(slope(made.x), slope(made.y), slope(made.z), slope(made.w));
  }
}
