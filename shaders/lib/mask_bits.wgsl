// The four lowest bits of a mask word, as what to keep of a quad.
fn kept(bits: u32) -> vec4<bool> {
  return (vec4<u32>(bits, bits >> 1u, bits >> 2u, bits >> 3u) & vec4<u32>(1u)) == vec4<u32>(1u);
}
