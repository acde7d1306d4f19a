// parts (chunks, out, taps + bias): chunk c of dW (out, channels, kernel) = dY (out, rows, columns, batch) * X (channels,
// height, width, batch), and in a last column of db (out) = sum of dY; a thread computes 8 rows by 8 columns of a chunk.
// Order of sums: one accumulator an element, ascending over position, then batch; what lies outside the picture counts
// as 0: the bits of conv_weight_gradient.
// Each thread keeps 8 x 8 sums in registers, written out by hand: on SwiftShader a loop over an array of sums is 7 times
// slower. Reads beyond the edge are harmless (WebGPU keeps them inside the buffer) and their sums are never stored.
// include index
// include conv_taps
struct Params {
  out_channels: u32, channels: u32, height: u32, width: u32, out_height: u32, out_width: u32,
  kernel_height: u32, kernel_width: u32, stride: u32, padding: u32, batch: u32, has_bias: u32, chunk: u32,
}
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> dy: array<f32>;
@group(1) @binding(2) var<storage, read> x: array<f32>;
@group(1) @binding(3) var<storage, read_write> parts: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = flat_index(group, groups, local, 64u);
  let width = tap_count() + params.has_bias;
  let across = (width + 7u) / 8u;
  let high = (params.out_channels + 7u) / 8u;
  let column = i % across * 8u;
  let row = i / across % high * 8u;
  let chunk = i / (across * high);
  let positions = params.out_height * params.out_width;
  if (chunk * params.chunk >= positions) { return; }
  // Places outside hold 0, the column of the bias 1.
  let o0 = vec4<f32>(outside(column), outside(column + 1u), outside(column + 2u), outside(column + 3u));
  let o1 = vec4<f32>(outside(column + 4u), outside(column + 5u), outside(column + 6u), outside(column + 7u));
  let next = positions * params.batch;
  var s0a = vec4<f32>(); var s0b = vec4<f32>();
  var s1a = vec4<f32>(); var s1b = vec4<f32>();
  var s2a = vec4<f32>(); var s2b = vec4<f32>();
  var s3a = vec4<f32>(); var s3b = vec4<f32>();
  var s4a = vec4<f32>(); var s4b = vec4<f32>();
  var s5a = vec4<f32>(); var s5b = vec4<f32>();
  var s6a = vec4<f32>(); var s6b = vec4<f32>();
  var s7a = vec4<f32>(); var s7b = vec4<f32>();
  for (var p = chunk * params.chunk; p < min((chunk + 1u) * params.chunk, positions); p++) {
    let t0 = tap_place(column, p);
    let t1 = tap_place(column + 1u, p);
    let t2 = tap_place(column + 2u, p);
    let t3 = tap_place(column + 3u, p);
    let t4 = tap_place(column + 4u, p);
    let t5 = tap_place(column + 5u, p);
    let t6 = tap_place(column + 6u, p);
    let t7 = tap_place(column + 7u, p);
    let in0 = vec4<bool>(t0.inside, t1.inside, t2.inside, t3.inside);
    let in1 = vec4<bool>(t4.inside, t5.inside, t6.inside, t7.inside);
    let start = (row * positions + p) * params.batch;
    for (var b = 0u; b < params.batch; b++) {
      let x0 = select(o0, vec4<f32>(x[t0.at + b], x[t1.at + b], x[t2.at + b], x[t3.at + b]), in0);
      let x1 = select(o1, vec4<f32>(x[t4.at + b], x[t5.at + b], x[t6.at + b], x[t7.at + b]), in1);
      let d = start + b;
      let l0 = dy[d];
      s0a += l0 * x0; s0b += l0 * x1;
      let l1 = dy[d + next];
      s1a += l1 * x0; s1b += l1 * x1;
      let l2 = dy[d + 2u * next];
      s2a += l2 * x0; s2b += l2 * x1;
      let l3 = dy[d + 3u * next];
      s3a += l3 * x0; s3b += l3 * x1;
      let l4 = dy[d + 4u * next];
      s4a += l4 * x0; s4b += l4 * x1;
      let l5 = dy[d + 5u * next];
      s5a += l5 * x0; s5b += l5 * x1;
      let l6 = dy[d + 6u * next];
      s6a += l6 * x0; s6b += l6 * x1;
      let l7 = dy[d + 7u * next];
      s7a += l7 * x0; s7b += l7 * x1;
    }
  }
  let sums = array<vec4<f32>, 16>(
    s0a, s0b, s1a, s1b, s2a, s2b, s3a, s3b,
    s4a, s4b, s5a, s5b, s6a, s6b, s7a, s7b,
  );
  // A bound that only the run knows keeps the driver from unrolling, so that what follows is compiled once.
  let count = min(16u, 2u * (params.out_channels - row));
  for (var r = 0u; r < count; r++) {
    let at = (chunk * params.out_channels + row + r / 2u) * width;
    let v = sums[r];
    for (var j = 0u; j < 4u; j++) {
      let k = column + 4u * (r % 2u) + j;
      if (k < width) { parts[at + k] = v[j]; }
    }
  }
}
