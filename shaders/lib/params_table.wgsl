// The parameter table: for each block of 64 flat elements the tensor it belongs to, then per tensor four words:
// rate scale (f32), decay scale (f32), trainable (u32), length (u32).
const TENSOR_WORDS = 4u;
