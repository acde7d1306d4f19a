// dW at the kept weights alone, n of every m (see lib/nm.wgsl), and db (out) = sum of dY over the batch. What lies outside is
// not written. A thread takes four slots of a row at a time, `walkers` threads go through all of them; the threads behind
// sum rows of dY. Order of sums: batch ascending, one accumulator an output, the bits of linear_weight_gradient.
// include index
struct Params { out_size: u32, in_size: u32, batch: u32, m: u32, share: u32, has_bias: u32, walkers: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> index: array<u32>;
@group(1) @binding(2) var<storage, read> dy: array<f32>;
@group(1) @binding(3) var<storage, read> x: array<f32>;
@group(1) @binding(4) var<storage, read_write> dw: array<f32>;
@group(1) @binding(5) var<storage, read_write> db: array<f32>;
// include nm
// include nm_slots

// Slots from `first` on, four at most, of a row with `slots`; those past the last repeat it, and are not stored.
fn quad(row: u32, first: u32, slots: u32, n: u32) {
  let head = line_at(row / params.share);
  let last = slots - 1u;
  let c = vec4<u32>(
    column_of(head, first, n), column_of(head, min(first + 1u, last), n),
    column_of(head, min(first + 2u, last), n), column_of(head, min(first + 3u, last), n),
  );
  var s = vec4<f32>();
  let starts = c * params.batch;
  for (var b = 0u; b < params.batch; b++) {
    s += dy[row * params.batch + b] * vec4<f32>(x[starts.x + b], x[starts.y + b], x[starts.z + b], x[starts.w + b]);
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
  for (var b = 0u; b < params.batch; b++) { total += dy[o * params.batch + b]; }
  db[o] = total;
}
