const ACT_NONE = 0u;
const ACT_RELU = 1u;
const ACT_TANH = 2u;
const ACT_GELU = 3u;
const GELU_C = 0.7978845608028654;

// tanh(100) is NaN on one software driver; beyond 15 the result is 1 in f32 anyway. A clamp makes a number of NaN, which
// would hide divergence, so NaN (told by its bits: drivers may assume that there is none) goes round it.
fn safe_tanh(x: f32) -> f32 {
  let nan = (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u;
  return select(tanh(clamp(x, -15.0, 15.0)), x, nan);
}

// max(NaN, 0) is 0 on some drivers, which would hide divergence; a comparison lets NaN through.
fn relu(x: f32) -> f32 {
  return select(x, 0.0, x < 0.0);
}

// The tanh form of GELU (Hendrycks and Gimpel 2016).
fn gelu(x: f32) -> f32 {
  return 0.5 * x * (1.0 + safe_tanh(GELU_C * (x + 0.044715 * x * x * x)));
}

fn activate(kind: u32, x: f32) -> f32 {
  switch kind {
    case ACT_RELU: { return relu(x); }
    case ACT_TANH: { return safe_tanh(x); }
    case ACT_GELU: { return gelu(x); }
    default: { return x; }
  }
}

// Derivative of relu and tanh from their output y.
fn slope_from_output(kind: u32, y: f32) -> f32 {
  switch kind {
    case ACT_RELU: { return select(1.0, 0.0, y <= 0.0); }
    case ACT_TANH: { return 1.0 - y * y; }
    default: { return 1.0; }
  }
}

// Derivative from the input x, for every kind.
fn slope_from_input(kind: u32, x: f32) -> f32 {
  switch kind {
    case ACT_RELU: { return select(1.0, 0.0, x <= 0.0); }
    case ACT_TANH: {
      let y = safe_tanh(x);
      return 1.0 - y * y;
    }
    case ACT_GELU: {
      let inner = GELU_C * (x + 0.044715 * x * x * x);
      let t = safe_tanh(inner);
      return 0.5 * (1.0 + t) + 0.5 * x * (1.0 - t * t) * GELU_C * (1.0 + 3.0 * 0.044715 * x * x);
    }
    default: { return 1.0; }
  }
}
