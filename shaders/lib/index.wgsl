// The index of a thread in a grid that grid1d folded into two dimensions.
fn flat_index(group: vec3<u32>, groups: vec3<u32>, local: u32, size: u32) -> u32 {
  return (group.y * groups.x + group.x) * size + local;
}
