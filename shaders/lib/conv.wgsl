// Windows of a convolution along one axis. A tap is a place of the kernel; those outside the picture are left out.

// The first tap of output `at` that lies inside, and the one past the last. Padding is smaller than the kernel.
fn first_tap(at: u32, stride: u32, padding: u32) -> u32 {
  return padding - min(at * stride, padding);
}

fn end_tap(at: u32, stride: u32, padding: u32, size: u32, kernel: u32) -> u32 {
  return min(kernel, size + padding - at * stride);
}

// Backwards: input `at` meets output (at + padding - tap) / stride at the taps from here in steps of `stride` ...
fn first_meeting(at: u32, stride: u32, padding: u32, out_size: u32) -> u32 {
  let reach = at + padding;
  let last = (out_size - 1u) * stride;
  return select(reach % stride, reach - last, reach > last);
}

// ... below here.
fn end_meeting(at: u32, padding: u32, kernel: u32) -> u32 {
  return min(kernel, at + padding + 1u);
}
