// Numbers that change from step to step: one row of 64 words, bound by dynamic offset.
@group(0) @binding(0) var<uniform> knob_row: array<vec4<u32>, 16>;
const NO_KNOB = 0xffffffffu;

fn knob_u32(index: u32) -> u32 {
  return knob_row[index >> 2u][index & 3u];
}

fn knob_f32(index: u32) -> f32 {
  return bitcast<f32>(knob_u32(index));
}

// The knob's value, or 1 where there is none.
fn knob_scale(index: u32) -> f32 {
  if (index == NO_KNOB) { return 1.0; }
  return knob_f32(index);
}
