// Columns of the slots of a line; whoever includes this includes nm first.
// Of any slot: `head` is where the line's words begin.
fn column_of(head: u32, slot: u32, n: u32) -> u32 {
  let bits = nm_bits();
  let a_word = 32u / bits;
  return slot / n * params.m + ((index[head + slot / a_word] >> (slot % a_word * bits)) & ((1u << bits) - 1u));
}

// Of one slot after another, without a division: where the next word lies, what is left of the present one, where the group
// begins, and slots until it ends.
struct Walk { next: u32, word: u32, left: u32, base: u32, until: u32 }

fn walk_from(head: u32, n: u32) -> Walk {
  return Walk(head, 0u, 0u, 0u, n);
}

fn next_column(walk: ptr<function, Walk>, bits: u32, n: u32) -> u32 {
  if ((*walk).left == 0u) {
    (*walk).word = index[(*walk).next];
    (*walk).next += 1u;
    (*walk).left = 32u;
  }
  let column = (*walk).base + ((*walk).word & ((1u << bits) - 1u));
  (*walk).word >>= bits;
  (*walk).left -= bits;
  (*walk).until -= 1u;
  if ((*walk).until == 0u) {
    (*walk).until = n;
    (*walk).base += params.m;
  }
  return column;
}
