// dW at the kept weights alone, and db (out) = sum of dY over the batch. What lies outside is not written. A thread takes four
// slots of a row at a time, `walkers` threads go through all of them; the threads behind sum rows of dY. For batch % 4 == 0.
// Order of sums: batch ascending, one accumulator an output, the bits of nm_weight_gradient.
// include index
struct Params { out_size: u32, in_size: u32, batch: u32, m: u32, share: u32, has_bias: u32, walkers: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> index: array<u32>;
@group(1) @binding(2) var<storage, read> dy: array<vec4<f32>>;
@group(1) @binding(3) var<storage, read> x: array<vec4<f32>>;
@group(1) @binding(4) var<storage, read_write> dw: array<f32>;
@group(1) @binding(5) var<storage, read_write> db: array<f32>;
// include nm
// include nm_slots

// Four products added one after another, as a loop over single examples would.
fn add(sum: f32, a: vec4<f32>, b: vec4<f32>) -> f32 {
  return (((sum + a.x * b.x) + a.y * b.y) + a.z * b.z) + a.w * b.w;
}

// Slots from `first` on, four at most, of a row with `slots`; those past the last repeat it, and are not stored.
fn quad(row: u32, first: u32, slots: u32, n: u32) {
  let head = line_at(row / params.share);
  let last = slots - 1u;
  let c = vec4<u32>(
    column_of(head, first, n), column_of(head, min(first + 1u, last), n),
    column_of(head, min(first + 2u, last), n), column_of(head, min(first + 3u, last), n),
  );
  var s = vec4<f32>();
  let width = params.batch / 4u;
  let starts = c * width;
  for (var b = 0u; b < width; b++) {
    let d = dy[row * width + b];
    s.x = add(s.x, d, x[starts.x + b]);
    s.y = add(s.y, d, x[starts.y + b]);
    s.z = add(s.z, d, x[starts.z + b]);
    s.w = add(s.w, d, x[starts.w + b]);
  }
  let count = min(4u, slots - first);
  for (var i = 0u; i < count; i++) { dw[row * params.in_size + c[i]] = s[i]; }
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let id = flat_index(group, groups, local, 64u);
  if (id < params.walkers) {
    let n = index[0];
    let slots = index[1];
    let quads = (slots + 3u) / 4u;
    for (var q = id; q < params.out_size * quads; q += params.walkers) { quad(q / quads, q % quads * 4u, slots, n); }
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
