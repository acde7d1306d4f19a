// y = x where the bit is set, bit `first` being that of the first element, else rest times a knob of x; exactly 0 where that factor is 0.
// include index
// include knob
struct Params { n: u32, first: u32, rest: f32, rest_knob: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> x: array<f32>;
@group(1) @binding(2) var<storage, read> bits: array<u32>;
@group(1) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = flat_index(group, groups, local, 64u);
  if (i >= params.n) { return; }
  let factor = params.rest * knob_scale(params.rest_knob);
  let outside = select(factor * x[i], 0.0, factor == 0.0);
  let bit = params.first + i;
  y[i] = select(outside, x[i], ((bits[bit >> 5u] >> (bit & 31u)) & 1u) == 1u);
}
