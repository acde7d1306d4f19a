import { describe, expect, it } from 'vitest';
import { createRaster, packHex } from './raster.ts';
import { stateShading } from './shading.ts';
import { putSquare, squaresOf } from './signs.ts';
import { CODE, MASK_STATES, type MaskState } from './states.ts';

const NEVER = packHex('#101010');
const SURFACE = packHex('#ffffff');
const palette = { states: MASK_STATES.map((state, code) => (state === 'never' ? NEVER : packHex(`#${code}0${code}0ff`))), full: 1, surface: SURFACE, negative: 2, zero: 3, positive: 4, nan: 5 };
const CELL = 17;
/** Colour at (x, y) of the square of a state that is 16 pixels wide, with a gap of one. */
const at = (state: MaskState, x: number, y: number, solo: MaskState | null = null): number => squaresOf(stateShading(palette, solo), CELL, 1).pixels[(CODE[state] * CELL + y) * CELL + x]!;
const colourOf = (state: MaskState): number => palette.states[CODE[state]]!;

describe('the signs of large squares', () => {
  it.each<[MaskState, number, number, number, string]>([
    ['kept', 0, 6, NEVER, 'border'], ['kept', 2, 2, colourOf('kept'), 'inset square'],
    ['was', 1, 1, NEVER, 'ground'], ['was', 6, 6, colourOf('was'), 'dot'],
    ['dropped', 0, 5, colourOf('dropped'), 'border'], ['dropped', 7, 8, colourOf('dropped'), 'slash'], ['dropped', 4, 4, NEVER, 'hollow'],
    ['grown', 0, 0, colourOf('grown'), 'square'], ['grown', 15, 0, colourOf('grown'), 'whole corner'], ['grown', 5, 7, SURFACE, 'plus'],
    ['regrown', 0, 0, colourOf('regrown'), 'square'], ['regrown', 15, 0, SURFACE, 'notch'], ['regrown', 5, 7, SURFACE, 'plus'],
    ['never', 5, 5, NEVER, 'square'],
  ])('%s at (%i, %i)', (state, x, y, colour, what) => {
    expect(at(state, x, y), what).toBe(colour);
    expect(at(state, 16, 5), 'gap').toBe(SURFACE);
  });

  it('are left out of the states that are not looked at, and of small squares', () => {
    expect(at('kept', 5, 5, 'grown')).toBe(NEVER);
    expect(at('grown', 0, 0, 'grown')).toBe(colourOf('grown'));
    const small = squaresOf(stateShading(palette, null), 5, 1);
    expect(small.signed).toBe(false);
    expect(new Set(small.pixels.subarray(CODE.dropped * 25, (CODE.dropped + 1) * 25))).toEqual(new Set([colourOf('dropped')]));
  });

  it('are cut off at the borders of a picture', () => {
    const squares = squaresOf(stateShading(palette, null), CELL, 1);
    const raster = createRaster(10, 10, 0);
    putSquare(raster, -10, 3, squares, CODE.dropped);
    const whole = createRaster(CELL, CELL, 0);
    putSquare(whole, 0, 0, squares, CODE.dropped);
    for (let y = 0; y < 10; y++) {
      for (let x = 0; x < 10; x++) expect(raster.pixels[y * 10 + x], `${x}, ${y}`).toBe(y >= 3 && x < 7 ? whole.pixels[(y - 3) * CELL + x + 10] : 0);
    }
  });
});
