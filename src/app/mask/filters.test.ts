import { describe, expect, it } from 'vitest';
import { squaresFor, type DrawOptions } from './draw.ts';
import { drawFilters, filterLayout } from './filters.ts';
import { packHex } from './raster.ts';
import { CODE, MASK_STATES } from './states.ts';

const [green, red, black] = [packHex('#00ff00'), packHex('#ff0000'), packHex('#000000')];
const options = (width: number, solo: DrawOptions['solo'] = null): DrawOptions => ({
  width, height: 400, ratio: 1, solo,
  palette: { states: MASK_STATES.map((_, code) => code + 1), full: 100, surface: 0, negative: red, zero: black, positive: green, nan: packHex('#ffff00') },
});

describe('the layout of filters', () => {
  it('fills rows with kernels of one channel', () => {
    expect(filterLayout(16, 1, [3, 3], 616, 1)).toMatchObject({ order: 'in rows', cell: 10, columns: 16, rows: 1 });
    expect(filterLayout(16, 1, [3, 3], 326, 1)).toMatchObject({ columns: 9, rows: 2 });
  });

  it('puts filters across while their weights stay large enough, and channels where not', () => {
    expect(filterLayout(32, 16, [3, 3], 616, 1)).toMatchObject({ order: 'filters across', columns: 32, rows: 16 });
    expect(filterLayout(64, 32, [3, 3], 616, 1)).toMatchObject({ order: 'channels across', columns: 32, rows: 64 });
  });

  it('stays in its room', () => {
    for (const room of [290, 326, 616, 1232]) {
      for (const [filters, channels] of [[4, 1], [16, 1], [32, 16], [64, 32], [20, 20]] as const) {
        const { columns, stepX, cell } = filterLayout(filters, channels, [3, 3], room, 1);
        expect(cell).toBeGreaterThanOrEqual(1);
        expect(columns * stepX).toBeLessThanOrEqual(room + 5);
      }
    }
  });
});

describe('the picture of filters', () => {
  // Two filters of two channels of 1 x 2.
  const codes = Uint8Array.of(CODE.kept, CODE.kept, CODE.grown, CODE.never, CODE.dropped, CODE.kept, CODE.was, CODE.kept);
  const layer = { codes, out: 2, in: 4, kernel: [1, 2] as const };
  const values = Float32Array.of(4, -4, 4, 0, 0, 0, 0, 1);
  const at = (drawing: ReturnType<typeof drawFilters>, unit: number, input: number): { x: number; y: number; side: number } => {
    for (let y = 0; y < drawing.raster.height; y++) {
      for (let x = 0; x < drawing.raster.width; x++) {
        const cell = drawing.cellAt(x, y);
        if (cell?.unit === unit && cell.input === input) return cell;
      }
    }
    throw new Error(`No square for input ${input} of filter ${unit}.`);
  };
  const squareAt = (drawing: ReturnType<typeof drawFilters>, unit: number, input: number): number[] => {
    const { x, y, side } = at(drawing, unit, input);
    return Array.from({ length: side * side }, (_, i) => drawing.raster.pixels[(y + Math.floor(i / side)) * drawing.raster.width + x + (i % side)]!);
  };
  const signOf = (code: number): number[] => {
    const { cell, pixels } = squaresFor(options(100), 10);
    return [...pixels.subarray(code * cell * cell, (code + 1) * cell * cell)];
  };
  const colourOf = (drawing: ReturnType<typeof drawFilters>, unit: number, input: number, inside = 4): number => {
    const { x, y } = at(drawing, unit, input);
    return drawing.raster.pixels[(y + inside) * drawing.raster.width + x + inside]!;
  };

  it('shows each weight in its place by its value', () => {
    const drawing = drawFilters(layer, values, options(100));
    expect(colourOf(drawing, 0, 0)).toBe(green);
    expect(colourOf(drawing, 0, 1)).toBe(red);
    expect(colourOf(drawing, 1, 1)).toBe(black);
    expect(colourOf(drawing, 1, 3) >>> 8 & 255).toBe(128);
    // Channels below one another, filters beside one another.
    expect(at(drawing, 0, 2).y).toBeGreaterThan(at(drawing, 0, 0).y);
    expect(at(drawing, 1, 0).x).toBeGreaterThan(at(drawing, 0, 1).x);
  });

  it('tells by an edge what has grown, and by a sign what was dropped', () => {
    const drawing = drawFilters(layer, values, options(100));
    expect(colourOf(drawing, 0, 2)).toBe(green);
    expect(colourOf(drawing, 0, 2, 0)).toBe(CODE.grown + 1);
    expect(squareAt(drawing, 1, 0)).toEqual(signOf(CODE.dropped));
    expect(squareAt(drawing, 0, 0)).not.toEqual(signOf(CODE.kept));
    const alone = drawFilters(layer, values, options(100, 'grown'));
    expect(colourOf(alone, 0, 2)).toBe(green);
    expect(colourOf(alone, 0, 0)).toBe(CODE.never + 1);
  });

  it('shows states alone where values are not known', () => {
    const drawing = drawFilters(layer, undefined, options(100));
    codes.forEach((code, i) => expect(squareAt(drawing, Math.floor(i / 4), i % 4), `weight ${i}`).toEqual(signOf(code)));
    expect(drawing.caption).not.toMatch(/positive/);
  });

  it('has nothing between kernels', () => {
    const drawing = drawFilters(layer, values, options(100));
    const { x, side } = at(drawing, 0, 1);
    expect(drawing.cellAt(x + side, 0)).toBeUndefined();
    expect(drawing.cellAt(-1, 0)).toBeUndefined();
  });
});
