// dW at the active weights alone, and db (out) = sum of dY over the batch. What lies outside the mask is not written.
// A thread takes four entries at a time, `walkers` threads go through all of them; the threads behind sum rows of dY.
// Order of sums: batch ascending, one accumulator an output, the bits of csr_weight_gradient.
// For batch % 4 == 0.
// include index
// include csr
struct Params { out_size: u32, in_size: u32, batch: u32, has_bias: u32, walkers: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> index: array<u32>;
@group(1) @binding(2) var<storage, read> dy: array<vec4<f32>>;
@group(1) @binding(3) var<storage, read> x: array<vec4<f32>>;
@group(1) @binding(4) var<storage, read_write> dw: array<f32>;
@group(1) @binding(5) var<storage, read_write> db: array<f32>;

// Four products added one after another, as a loop over single examples would.
fn add(sum: f32, a: vec4<f32>, b: vec4<f32>) -> f32 {
  return (((sum + a.x * b.x) + a.y * b.y) + a.z * b.z) + a.w * b.w;
}

// Entries first to first + 3; those past `last` repeat it, and are not stored.
fn entries(first: u32, last: u32) {
  let columns = entries_at(params.out_size, params.in_size);
  let rows = columns + params.out_size * params.in_size;
  let at = min(vec4<u32>(first, first + 1u, first + 2u, first + 3u), vec4<u32>(last));
  let r = vec4<u32>(index[rows + at.x], index[rows + at.y], index[rows + at.z], index[rows + at.w]);
  let c = vec4<u32>(index[columns + at.x], index[columns + at.y], index[columns + at.z], index[columns + at.w]);
  // The first of four entries mostly shares its row with the others, which then need no row of dY of their own.
  let same = all(r == vec4<u32>(r.x));
  let width = params.batch / 4u;
  let rb = r * width;
  let cb = c * width;
  var s = vec4<f32>();
  for (var b = 0u; b < width; b++) {
    let d0 = dy[rb.x + b];
    var d1 = d0;
    var d2 = d0;
    var d3 = d0;
    if (!same) {
      d1 = dy[rb.y + b];
      d2 = dy[rb.z + b];
      d3 = dy[rb.w + b];
    }
    s.x = add(s.x, d0, x[cb.x + b]);
    s.y = add(s.y, d1, x[cb.y + b]);
    s.z = add(s.z, d2, x[cb.z + b]);
    s.w = add(s.w, d3, x[cb.w + b]);
  }
  let count = min(4u, last + 1u - first);
  for (var i = 0u; i < count; i++) { dw[r[i] * params.in_size + c[i]] = s[i]; }
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let id = flat_index(group, groups, local, 64u);
  if (id < params.walkers) {
    let kept = index[params.out_size];
    for (var first = 4u * id; first < kept; first += 4u * params.walkers) { entries(first, kept - 1u); }
    return;
  }
  let o = id - params.walkers;
  if (o >= params.out_size || params.has_bias == 0u) { return; }
  var total = 0.0;
  for (var b = 0u; b < params.batch / 4u; b++) {
    let d = dy[o * (params.batch / 4u) + b];
    total = (((total + d.x) + d.y) + d.z) + d.w;
  }
  db[o] = total;
}
