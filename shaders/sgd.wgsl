// SGD with momentum over the whole flat parameter vector, in place; see lib/sgd_rule.
struct Params { n: u32, masked: u32, blocks: u32, rate_knob: u32, momentum: f32, nesterov: u32, decay: f32 }
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> gradients: array<vec4<f32>>;
@group(1) @binding(2) var<storage, read> mask: array<u32>;
@group(1) @binding(3) var<storage, read> table: array<u32>;
@group(1) @binding(4) var<storage, read> status: array<u32>;
@group(1) @binding(5) var<storage, read_write> weights: array<vec4<f32>>;
@group(1) @binding(6) var<storage, read_write> slots: array<vec4<f32>>;
// include sgd_rule
// include optimizer_words
