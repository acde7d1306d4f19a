// Adds up the counts of csr_count, so that each line knows where its entries begin; two threads, one for the rows and
// one for the columns: a few thousand additions, once a mask update, are not worth a barrier.
// include csr
struct Params { out_size: u32, in_size: u32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read_write> index: array<u32>;

@compute @workgroup_size(2)
fn main(@builtin(local_invocation_index) local: u32) {
  let begin = select(0u, columns_at(params.out_size), local == 1u);
  let lines = select(params.out_size, params.in_size, local == 1u);
  var sum = 0u;
  index[begin] = 0u;
  for (var line = 1u; line <= lines; line++) {
    sum += index[begin + line];
    index[begin + line] = sum;
  }
}
