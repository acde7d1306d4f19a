// Y (out, batch) = act(W (out, in) X (in, batch) + bias (out)); a thread computes 16 rows by 8 columns, as two vec4.
// Order of sums: k ascending, one accumulator an output, the bits of linear_forward. For batch % 4 == 0.
// Each thread keeps 16 x 8 sums in registers, written out by hand: on SwiftShader a loop over an array of sums is 7 times
// slower. Reads beyond the edge are harmless (WebGPU keeps them inside the buffer) and their sums are never stored.
// include activation
// slot weight
struct Params { out_size: u32, in_size: u32, batch: u32, activation: u32, has_bias: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> weight: array<Weight>;
@group(1) @binding(2) var<storage, read> x: array<vec4<f32>>;
@group(1) @binding(3) var<storage, read> bias: array<f32>;
@group(1) @binding(4) var<storage, read_write> y: array<vec4<f32>>;

fn act(v: f32) -> f32 {
  return activate(params.activation, v);
}

@compute @workgroup_size(8, 4)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let row = id.y * 16u;
  // In vec4.
  let column = id.x * 2u;
  let width = params.batch / 4u;
  let depth = params.in_size;
  if (row >= params.out_size || column >= width) { return; }
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
  for (var k = 0u; k < depth; k++) {
    let at = k * width + column;
    let x0 = x[at];
    let x1 = x[at + 1u];
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
    let l8 = f32(weight[(row + 8u) * depth + k]);
    s8a += l8 * x0; s8b += l8 * x1;
    let l9 = f32(weight[(row + 9u) * depth + k]);
    s9a += l9 * x0; s9b += l9 * x1;
    let l10 = f32(weight[(row + 10u) * depth + k]);
    s10a += l10 * x0; s10b += l10 * x1;
    let l11 = f32(weight[(row + 11u) * depth + k]);
    s11a += l11 * x0; s11b += l11 * x1;
    let l12 = f32(weight[(row + 12u) * depth + k]);
    s12a += l12 * x0; s12b += l12 * x1;
    let l13 = f32(weight[(row + 13u) * depth + k]);
    s13a += l13 * x0; s13b += l13 * x1;
    let l14 = f32(weight[(row + 14u) * depth + k]);
    s14a += l14 * x0; s14b += l14 * x1;
    let l15 = f32(weight[(row + 15u) * depth + k]);
    s15a += l15 * x0; s15b += l15 * x1;
  }
  let sums = array<vec4<f32>, 32>(
    s0a, s0b, s1a, s1b, s2a, s2b, s3a, s3b,
    s4a, s4b, s5a, s5b, s6a, s6b, s7a, s7b,
    s8a, s8b, s9a, s9b, s10a, s10b, s11a, s11b,
    s12a, s12b, s13a, s13b, s14a, s14b, s15a, s15b,
  );
  // A bound that only the run knows keeps the driver from unrolling: on lavapipe 0.4 s to compile instead of 2.2 s.
  let count = min(32u, 2u * (params.out_size - row));
  // So the activation is compiled once.
  for (var i = 0u; i < count; i++) {
    let o = row + i / 2u;
    let b = column + i % 2u;
    if (b >= width) { continue; }
    var v = sums[i];
    if (params.has_bias != 0u) { v += bias[o]; }
    y[o * width + b] = vec4<f32>(act(v.x), act(v.y), act(v.z), act(v.w));
  }
}
