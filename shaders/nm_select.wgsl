// Of the keys of one layer, a matrix of params.rows by params.columns, those that N of M lets stay: in each group of M
// neighbours along `axis` (0: in a row, 1: in a column) the N largest, ties to the lower place; of a last group that is
// shorter as large a share, rounded up. `chosen` holds the key of what stays, else 0; the layer's cut takes all that has one.
// N and M come from knobs where these are given. A thread a key: ranks are counted, in groups of any length.
// include index
// include knob
// include select
struct Params { layer: u32, first: u32, rows: u32, columns: u32, axis: u32, n: u32, m: u32, n_knob: u32, m_knob: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> keys: array<u32>;
@group(1) @binding(2) var<storage, read_write> chosen: array<u32>;
@group(1) @binding(3) var<storage, read_write> cuts: array<u32>;

fn given(knob: u32, value: u32) -> u32 {
  if (knob == NO_KNOB) { return value; }
  return knob_u32(knob);
}

// The key at `place` if it stays.
fn stays(place: u32) -> u32 {
  let key = keys[params.first + place];
  if (key == 0u) { return 0u; }
  let n = given(params.n_knob, params.n);
  let m = given(params.m_knob, params.m);
  let row = place / params.columns;
  let column = place % params.columns;
  let along = select(column, row, params.axis == 1u);
  let length = select(params.columns, params.rows, params.axis == 1u);
  let step = select(1u, params.columns, params.axis == 1u);
  let own = along % m;
  let size = min(m, length - (along - own));
  let start = params.first + place - own * step;
  var ahead = 0u;
  for (var j = 0u; j < size; j++) {
    let other = keys[start + j * step];
    if (other > key || (other == key && j < own)) { ahead++; }
  }
  return select(0u, key, ahead < (n * size + m - 1u) / m);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let place = flat_index(group, groups, local, 64u);
  let end = (params.rows * params.columns + 63u) / 64u * 64u;
  if (place >= end) { return; }
  if (place < CUT_WORDS) { cuts[params.layer * CUT_WORDS + place] = EVERYTHING; }
  // Between layers lie unused elements, which hold no key.
  var found = 0u;
  if (place < params.rows * params.columns) { found = stays(place); }
  chosen[params.first + place] = found;
}
