// Writes the entries of each row (its columns, ascending, and the row beside each) and of each column (its rows,
// ascending) of a layer's mask; one thread a line, behind csr_scan. See lib/csr.
// include index
// include csr
struct Params { out_size: u32, in_size: u32, first: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> mask: array<u32>;
@group(1) @binding(2) var<storage, read_write> index: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let line = flat_index(group, groups, local, 64u);
  if (line >= params.out_size + params.in_size) { return; }
  let entries = entries_at(params.out_size, params.in_size);
  let capacity = params.out_size * params.in_size;
  if (line < params.out_size) {
    var at = entries + index[line];
    let begin = params.first + line * params.in_size;
    for (var c = 0u; c < params.in_size; c++) {
      if (((mask[(begin + c) >> 5u] >> ((begin + c) & 31u)) & 1u) == 0u) { continue; }
      index[at] = c;
      index[at + capacity] = line;
      at++;
    }
  } else {
    let column = line - params.out_size;
    var at = entries + 2u * capacity + index[columns_at(params.out_size) + column];
    for (var r = 0u; r < params.out_size; r++) {
      let i = params.first + r * params.in_size + column;
      if (((mask[i >> 5u] >> (i & 31u)) & 1u) == 0u) { continue; }
      index[at] = r;
      at++;
    }
  }
}
