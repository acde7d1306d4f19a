// dW (out, in) = dY (out, batch) X^T (batch, in), and db (out) = sum of dY over the batch; a thread computes 8 rows by
// 8 columns of dW. Order of sums: batch ascending, one accumulator an output, the bits of linear_weight_gradient.
// With a bias the grid has one more column of workgroups, whose threads sum the rows of dY.
// Each thread keeps 8 x 8 sums in registers, written out by hand: on SwiftShader a loop over an array of sums is 7 times
// slower. Reads beyond the edge are harmless (WebGPU keeps them inside the buffer) and their sums are never stored.
struct Params { out_size: u32, in_size: u32, batch: u32, has_bias: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> dy: array<f32>;
@group(1) @binding(2) var<storage, read> x: array<f32>;
@group(1) @binding(3) var<storage, read_write> dw: array<f32>;
@group(1) @binding(4) var<storage, read_write> db: array<f32>;

fn bias_gradient(o: u32) {
  if (o >= params.out_size || params.has_bias == 0u) { return; }
  var total = 0.0;
  for (var k = 0u; k < params.batch; k++) { total += dy[o * params.batch + k]; }
  db[o] = total;
}

fn put(o: u32, i: u32, sum: f32) {
  if (i < params.in_size) { dw[o * params.in_size + i] = sum; }
}

fn weight_tile(row: u32, column: u32) {
  let depth = params.batch;
  if (row >= params.out_size || column >= params.in_size) { return; }
  var s0a = vec4<f32>(); var s0b = vec4<f32>();
  var s1a = vec4<f32>(); var s1b = vec4<f32>();
  var s2a = vec4<f32>(); var s2b = vec4<f32>();
  var s3a = vec4<f32>(); var s3b = vec4<f32>();
  var s4a = vec4<f32>(); var s4b = vec4<f32>();
  var s5a = vec4<f32>(); var s5b = vec4<f32>();
  var s6a = vec4<f32>(); var s6b = vec4<f32>();
  var s7a = vec4<f32>(); var s7b = vec4<f32>();
  for (var k = 0u; k < depth; k++) {
    let x0 = vec4<f32>(
      x[column * depth + k], x[(column + 1u) * depth + k], x[(column + 2u) * depth + k], x[(column + 3u) * depth + k],
    );
    let x1 = vec4<f32>(
      x[(column + 4u) * depth + k], x[(column + 5u) * depth + k], x[(column + 6u) * depth + k], x[(column + 7u) * depth + k],
    );
    let l0 = dy[row * depth + k];
    s0a += l0 * x0; s0b += l0 * x1;
    let l1 = dy[(row + 1u) * depth + k];
    s1a += l1 * x0; s1b += l1 * x1;
    let l2 = dy[(row + 2u) * depth + k];
    s2a += l2 * x0; s2b += l2 * x1;
    let l3 = dy[(row + 3u) * depth + k];
    s3a += l3 * x0; s3b += l3 * x1;
    let l4 = dy[(row + 4u) * depth + k];
    s4a += l4 * x0; s4b += l4 * x1;
    let l5 = dy[(row + 5u) * depth + k];
    s5a += l5 * x0; s5b += l5 * x1;
    let l6 = dy[(row + 6u) * depth + k];
    s6a += l6 * x0; s6b += l6 * x1;
    let l7 = dy[(row + 7u) * depth + k];
    s7a += l7 * x0; s7b += l7 * x1;
  }
  let sums = array<vec4<f32>, 16>(
    s0a, s0b, s1a, s1b, s2a, s2b, s3a, s3b,
    s4a, s4b, s5a, s5b, s6a, s6b, s7a, s7b,
  );
  // A bound that only the run knows keeps the driver from unrolling: on lavapipe 0.4 s to compile instead of 2.2 s.
  let count = min(16u, 2u * (params.out_size - row));
  for (var r = 0u; r < count; r++) {
    let o = row + r / 2u;
    let i = column + 4u * (r % 2u);
    let v = sums[r];
    put(o, i, v.x);
    put(o, i + 1u, v.y);
    put(o, i + 2u, v.z);
    put(o, i + 3u, v.w);
  }
}

@compute @workgroup_size(4, 16)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) index: u32,
) {
  // A workgroup covers 128 rows by 32 columns.
  if (group.x * 32u >= params.in_size) {
    bias_gradient(group.y * 128u + index);
    bias_gradient(group.y * 128u + 64u + index);
  } else {
    weight_tile((group.y * 16u + local.y) * 8u, (group.x * 4u + local.x) * 8u);
  }
}
