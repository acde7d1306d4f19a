// By bits: drivers may assume that no value is NaN, and then `v != v` is false.
fn is_finite(v: f32) -> bool {
  return (bitcast<u32>(v) & 0x7fffffffu) < 0x7f800000u;
}
