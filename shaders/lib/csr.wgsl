// The index of a sparse layer W (out, in), in one buffer of u32; the values stay where they are, in the flat parameters:
//   out + 1 words        where the entries of each row begin; the last is their number
//   in + 1 words         the same for the columns
//   out * in words       columns of the entries, row by row, ascending
//   out * in words       rows of the same entries
//   out * in words       rows of the entries, column by column, ascending
fn columns_at(out_size: u32) -> u32 {
  return out_size + 1u;
}

fn entries_at(out_size: u32, in_size: u32) -> u32 {
  return out_size + in_size + 2u;
}
