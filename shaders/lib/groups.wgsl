// Groups of weights that a mask switches as one: rectangles of a layer's [out, in] matrix, counted row by row. A layer has
// GROUP_WORDS words of `group_table`: its first weight, rows and columns; rows and columns of a group; its first group,
// groups across, groups in all; then the reciprocals of a group's weights: whole, at the right edge, at the lower, in the corner.
const GROUP_WORDS = 12u;

struct Group { first: u32, rows: u32, columns: u32, stride: u32, reciprocal: f32 }

// True where group `flat` is one, and not between layers.
fn is_group(layer: u32, flat: u32) -> bool {
  return flat - group_table[layer * GROUP_WORDS + 5u] < group_table[layer * GROUP_WORDS + 7u];
}

fn group_at(layer: u32, flat: u32) -> Group {
  let at = layer * GROUP_WORDS;
  let place = flat - group_table[at + 5u];
  let row = place / group_table[at + 6u] * group_table[at + 3u];
  let column = place % group_table[at + 6u] * group_table[at + 4u];
  let stride = group_table[at + 2u];
  let rows = min(group_table[at + 3u], group_table[at + 1u] - row);
  let columns = min(group_table[at + 4u], stride - column);
  let kind = select(0u, 1u, columns < group_table[at + 4u]) + select(0u, 2u, rows < group_table[at + 3u]);
  return Group(group_table[at] + row * stride + column, rows, columns, stride, bitcast<f32>(group_table[at + 8u + kind]));
}

// The group of weight `flat`.
fn group_of(layer: u32, flat: u32) -> u32 {
  let at = layer * GROUP_WORDS;
  let place = flat - group_table[at];
  let row = place / group_table[at + 2u];
  let column = place % group_table[at + 2u];
  return group_table[at + 5u] + row / group_table[at + 3u] * group_table[at + 6u] + column / group_table[at + 4u];
}
