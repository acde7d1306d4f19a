// What the attention kernels share: a head's rows, and the rule of their sums. Keys (and, for their gradients, queries) go
// eight at a time, which is what the order of rounding hangs on, and so the same in every variant.
const STEP = 8u;
const LOWEST = -3.0e38;

struct Params { heads: u32, width: u32, context: u32, sequences: u32, causal: u32, scale: f32 }
@group(1) @binding(0) var<uniform> params: Params;

// exp(a - b), and exactly 1 where both are one number.
fn shrink(a: f32, b: f32) -> f32 {
  return select(exp(a - b), 1.0, a == b);
}

// How many keys of its sequence a query sees.
fn keys_seen(query: u32) -> u32 {
  return select(params.context, query + 1u, params.causal != 0u);
}
