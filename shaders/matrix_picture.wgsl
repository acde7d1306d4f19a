// pixels (height, stride): a window onto a matrix whose weights have codes of three bits, as squares of `cell` pixels in
// bands of inputs. A thread paints what one column of squares has in one row of pixels: a row of the square of a weight's
// code, taken from `squares` (code, cell, cell), or the colour of k x k weights, which it counts 32 at a time.
struct Params {
  width: u32, height: u32, stride: u32, left: u32, top: u32,
  outputs: u32, inputs: u32, k: u32, cell: u32, bands: u32, band_inputs: u32, band_step: u32,
  plane_words: u32, rule: u32, solo: u32,
  surface: u32, colour_0: u32, colour_1: u32, colour_2: u32, colour_3: u32, colour_4: u32, colour_5: u32,
}
@group(1) @binding(0) var<uniform> params: Params;
@group(1) @binding(1) var<storage, read> planes: array<u32>;
@group(1) @binding(2) var<storage, read> squares: array<u32>;
@group(1) @binding(3) var<storage, read_write> pixels: array<u32>;

const RULE_AGE = 1u;

// Between two colours, channel by channel.
fn blend(a: u32, b: u32, t: f32) -> u32 {
  let start = vec3f(vec3u(a, a >> 8u, a >> 16u) & vec3u(255u));
  let stop = vec3f(vec3u(b, b >> 8u, b >> 16u) & vec3u(255u));
  let mixed = vec3u(floor(start + (stop - start) * clamp(t, 0.0, 1.0) + 0.5));
  return 0xff000000u | (mixed.z << 16u) | (mixed.y << 8u) | mixed.x;
}

// Shares are shown by their square roots, so that a single weight of many is seen.
fn share(count: u32, cells: u32) -> f32 {
  return sqrt(f32(count) / f32(cells));
}

// `count` bits (1 to 32) of a plane from weight `at` on.
fn bits_at(plane: u32, at: u32, count: u32) -> u32 {
  let word = plane * params.plane_words + (at >> 5u);
  let shift = at & 31u;
  var bits = planes[word] >> shift;
  if (shift + count > 32u) { bits |= planes[word + 1u] << (32u - shift); }
  return bits & (0xffffffffu >> (32u - count));
}

// Active weights and others of a block, by code; a record and no array, which drivers would keep in memory to be indexed.
struct Counts { code_1: u32, code_2: u32, code_3: u32, code_4: u32, code_5: u32 }

fn count_block(unit: u32, unit_end: u32, input: u32, input_end: u32) -> Counts {
  var counts = Counts();
  for (var row = unit; row < unit_end; row++) {
    for (var column = input; column < input_end; column += 32u) {
      let at = row * params.inputs + column;
      let count = min(32u, input_end - column);
      let low = bits_at(0u, at, count);
      let middle = bits_at(1u, at, count);
      let high = bits_at(2u, at, count);
      counts.code_1 += countOneBits(low & ~middle & ~high);
      counts.code_2 += countOneBits(middle & ~low);
      counts.code_3 += countOneBits(middle & low);
      counts.code_4 += countOneBits(high & ~low);
      counts.code_5 += countOneBits(high & low);
    }
  }
  return counts;
}

// Lightness is density, and any event shows; of a state that is looked at alone, its share, and any of an event.
fn state_colour(counts: Counts, cells: u32) -> u32 {
  let none = params.colour_0;
  let grown = counts.code_4 + counts.code_5;
  let dropped = counts.code_3;
  switch params.solo {
    case 0u: { return none; }
    case 1u: { return blend(none, params.colour_1, share(counts.code_1, cells)); }
    case 2u: { return blend(none, params.colour_2, share(counts.code_2, cells)); }
    case 3u: { return select(none, params.colour_3, dropped > 0u); }
    case 4u: { return select(none, params.colour_4, counts.code_4 > 0u); }
    case 5u: { return select(none, params.colour_5, counts.code_5 > 0u); }
    default: {
      if (grown + dropped > 0u) { return select(params.colour_3, params.colour_4, grown >= dropped); }
      return blend(select(none, params.colour_1, counts.code_1 > 0u), params.colour_2, share(counts.code_2, cells));
    }
  }
}

// The youngest bin that occurs, paler the fewer are active.
fn age_colour(counts: Counts, cells: u32) -> u32 {
  let alive = counts.code_1 + counts.code_2 + counts.code_3 + counts.code_4 + counts.code_5;
  if (alive == 0u) { return params.colour_0; }
  var youngest = params.colour_5;
  if (counts.code_4 > 0u) { youngest = params.colour_4; }
  if (counts.code_3 > 0u) { youngest = params.colour_3; }
  if (counts.code_2 > 0u) { youngest = params.colour_2; }
  if (counts.code_1 > 0u) { youngest = params.colour_1; }
  return blend(params.colour_0, youngest, 0.4 + 0.6 * share(alive, cells));
}

fn block_colour(row: u32, column: u32, band_start: u32, band_end: u32) -> u32 {
  let k = params.k;
  let unit_end = min(params.outputs, (row + 1u) * k);
  let input = band_start + column * k;
  let input_end = min(band_end, input + k);
  let cells = (unit_end - row * k) * (input_end - input);
  let counts = count_block(row * k, unit_end, input, input_end);
  if (params.rule == RULE_AGE) { return age_colour(counts, cells); }
  return state_colour(counts, cells);
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.y >= params.height) { return; }
  let cell = params.cell;
  let column = params.left / cell + id.x;
  let first = max(column * cell, params.left) - params.left;
  let end = min(params.width, (column + 1u) * cell - params.left);
  let line = id.y * params.stride;
  let band = (id.y + params.top) / params.band_step;
  let below = (id.y + params.top) % params.band_step;
  let row = below / cell;
  let band_start = band * params.band_inputs;
  let band_end = min(params.inputs, band_start + params.band_inputs);
  let k = params.k;
  if (band >= params.bands || row * k >= params.outputs || band_start + column * k >= band_end) {
    for (var x = first; x < end; x++) { pixels[line + x] = params.surface; }
    return;
  }
  if (k > 1u) {
    let colour = block_colour(row, column, band_start, band_end);
    for (var x = first; x < end; x++) { pixels[line + x] = colour; }
    return;
  }
  let at = row * params.inputs + band_start + column;
  let code = bits_at(0u, at, 1u) | (bits_at(1u, at, 1u) << 1u) | (bits_at(2u, at, 1u) << 2u);
  let source = (code * cell + below % cell) * cell;
  let shift = params.left + source - column * cell;
  for (var x = first; x < end; x++) { pixels[line + x] = squares[shift + x]; }
}
