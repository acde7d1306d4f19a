// a . b, a . a and b . b of two vectors, scaled: what their cosine is made of. One workgroup; each thread takes every 256th
// element, then halves are added to halves.
struct Params { n: u32, slot: u32, scale: f32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> a: array<f32>;
@group(1) @binding(2) var<storage, read> b: array<f32>;
// Three of each pair.
@group(1) @binding(3) var<storage, read_write> products: array<f32>;
var<workgroup> sums: array<vec4<f32>, 256>;

@compute @workgroup_size(256)
fn main(@builtin(local_invocation_index) local: u32) {
  var sum = vec4<f32>(0.0);
  for (var i = local; i < params.n; i += 256u) {
    let x = params.scale * a[i];
    let y = params.scale * b[i];
    sum += vec4<f32>(x * y, x * x, y * y, 0.0);
  }
  sums[local] = sum;
  workgroupBarrier();
  for (var width = 128u; width > 0u; width >>= 1u) {
    if (local < width) { sums[local] += sums[local + width]; }
    workgroupBarrier();
  }
  if (local < 3u) { products[3u * params.slot + local] = sums[0][local]; }
}
