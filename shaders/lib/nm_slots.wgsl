// Columns of the slots of a line; whoever includes this includes nm first.
// Of every so-manieth slot: its number, its group and its place among the kept of that.
struct Slot { head: u32, slot: u32, group: u32, kept: u32 }

fn slot_at(head: u32, slot: u32, n: u32) -> Slot {
  return Slot(head, slot, slot / n, slot % n);
}

fn place_of(own: Slot) -> u32 {
  let bits = nm_bits();
  let a_word = 32u / bits;
  return own.group * params.m + ((index[own.head + own.slot / a_word] >> (own.slot % a_word * bits)) & ((1u << bits) - 1u));
}

// Goes `whole * n + part` slots on; a division would take as long as a product.
fn skip(own: ptr<function, Slot>, count: u32, whole: u32, part: u32, n: u32) {
  (*own).slot += count;
  (*own).kept += part;
  (*own).group += whole;
  if ((*own).kept >= n) {
    (*own).kept -= n;
    (*own).group += 1u;
  }
}

// Of any slot: `head` is where the line's words begin.
fn column_of(head: u32, slot: u32, n: u32) -> u32 {
  return place_of(slot_at(head, slot, n));
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
