import type { MaskPalette } from './palette.ts';
import { fillRect, mix, type Packed, type Raster } from './raster.ts';
import type { Shading } from './shading.ts';
import { CODE } from './states.ts';

/** Codes of a weight, whatever they mean: states, or bins of age. */
export const CODES = 6;

/** The square of one weight as it is painted, by code: sign, and gap to the next square. */
export interface Squares {
  /** Device pixels from one square to the next. */
  cell: number;
  /** Squares have signs; else each is of one colour. */
  signed: boolean;
  /** [code, cell, cell] */
  pixels: Uint32Array<ArrayBuffer>;
}

const SIGNED_CSS_PIXELS = 6;

/** The squares of all codes at a size: from 6 CSS pixels on, signs tell the states apart without colour. */
export function squaresOf({ weights, marked, palette }: Pick<Shading, 'weights' | 'marked' | 'palette'>, cell: number, ratio: number): Squares {
  const signed = cell >= SIGNED_CSS_PIXELS * ratio;
  const size = signed ? cell - Math.max(1, Math.round(ratio)) : cell;
  const pixels = new Uint32Array(CODES * cell * cell).fill(palette.surface);
  for (let code = 0; code < CODES; code++) {
    const square: Raster = { width: cell, height: cell, pixels: pixels.subarray(code * cell * cell, (code + 1) * cell * cell) };
    const hasSign = signed && marked.has(code);
    fillRect(square, 0, 0, size, size, weights[hasSign ? CODE.never : code] ?? palette.surface);
    if (hasSign) for (const [colour, covered] of layersOf(palette, code, size)) cover(square, size, colour, covered);
  }
  return { cell, signed, pixels };
}

/** Puts the square of a code at a place; what lies outside the raster is cut off. */
export function putSquare(raster: Raster, x: number, y: number, { cell, signed, pixels }: Squares, code: number): void {
  const start = code * cell * cell;
  if (!signed) return fillRect(raster, x, y, cell, cell, pixels[start]!);
  const left = Math.max(0, x);
  const right = Math.min(raster.width, x + cell);
  const bottom = Math.min(raster.height, y + cell);
  for (let row = Math.max(0, y); row < bottom; row++) {
    let from = start + (row - y) * cell + left - x;
    // One by one: a view of each row costs more than its few pixels.
    for (let to = row * raster.width + left; to < row * raster.width + right; to++) raster.pixels[to] = pixels[from++]!;
  }
}

/** How much of the pixel whose corner is (x, y) is covered: 0 to 1. */
type Coverage = (x: number, y: number) => number;

const overlap = (at: number, from: number, to: number): number => Math.max(0, Math.min(at + 1, to) - Math.max(at, from));
const rect = (left: number, top: number, right: number, bottom: number): Coverage => (x, y) => overlap(x, left, right) * overlap(y, top, bottom);
/** Of a straight edge `inside` pixels away from the middle of a pixel. */
const edge = (inside: number): number => Math.min(1, Math.max(0, inside + 0.5));

/** What is painted over a square, in order: kept inset, was active a dot, dropped hollow with a slash, grown with a plus, regrown notched too. */
function layersOf(palette: MaskPalette, code: number, size: number): readonly (readonly [Packed, Coverage])[] {
  const line = Math.max(1, size / 8);
  const half = size / 2;
  const arm = size * 0.28;
  const inset = Math.max(1, Math.round(size / 8));
  const dot = Math.max(2, Math.round(size / 3));
  const from = Math.floor((size - dot) / 2);
  const colour = palette.states[code] ?? palette.surface;
  const hollow = rect(line, line, size - line, size - line);
  switch (code) {
    case CODE.kept: return [[colour, rect(inset, inset, size - inset, size - inset)]];
    case CODE.was: return [[colour, rect(from, from, from + dot, from + dot)]];
    case CODE.dropped: return [
      [colour, (x, y) => 1 - hollow(x, y)],
      [colour, (x, y) => edge(line / 2 - Math.abs(x + y + 1 - size) / Math.SQRT2)],
    ];
    default: return [
      [colour, rect(0, 0, size, size)],
      [palette.surface, rect(half - line / 2, half - arm, half + line / 2, half + arm)],
      [palette.surface, rect(half - arm, half - line / 2, half + arm, half + line / 2)],
      // The notch: a corner is cut off.
      [palette.surface, (x, y) => (code === CODE.regrown ? edge((x - y - 0.58 * size) / Math.SQRT2) : 0)],
    ];
  }
}

function cover(square: Raster, size: number, colour: Packed, covered: Coverage): void {
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const at = y * square.width + x;
      square.pixels[at] = mix(square.pixels[at]!, colour, covered(x, y));
    }
  }
}
