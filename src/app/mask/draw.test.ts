import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawInputMap, drawMatrix, drawNeurons, drawWeights, inputCounts, type DrawOptions } from './draw.ts';
import { byActivity, matrixLayout, tileLayout, tileShape } from './layout.ts';
import { packHex } from './raster.ts';
import { CODE, MASK_STATES } from './states.ts';

const options = (width: number, height: number, ratio = 1): DrawOptions => ({
  width, height, ratio, solo: null,
  palette: {
    states: MASK_STATES.map((_, code) => code + 1), full: 100, surface: 0,
    negative: packHex('#ff0000'), zero: packHex('#000000'), positive: packHex('#00ff00'), nan: packHex('#ffff00'),
  },
});

describe('layouts', () => {
  it('fit into the room they are given', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 900 }), fc.integer({ min: 280, max: 1000 }), (out, inputs, side) => {
      const layout = matrixLayout(out, inputs, side, side);
      expect(layout.cell).toBeGreaterThanOrEqual(2);
      expect(layout.bands * layout.bandInputs).toBeGreaterThanOrEqual(inputs);
      // A block that is cut off at the edge may take one square more.
      expect(layout.width).toBeLessThanOrEqual(side + layout.cell);
      expect(layout.height).toBeLessThanOrEqual(side + layout.cell * layout.bands);
    }));
  });

  it('draw the digits of the first layer as 28 x 28 and others as near to a square as they go', () => {
    expect(tileShape(784, { rows: 28, columns: 28 })).toEqual({ rows: 28, columns: 28 });
    expect(tileShape(128)).toEqual({ rows: 8, columns: 16 });
    expect(tileShape(7)).toEqual({ rows: 1, columns: 7 });
  });

  it('place 128 tiles in 16 columns on a desktop and 4 on a phone', () => {
    expect(tileLayout(128, { rows: 28, columns: 28 }, 476, 16, 1)).toMatchObject({ columns: 16, rows: 8, k: 2, cell: 2 });
    expect(tileLayout(128, { rows: 28, columns: 28 }, 672, 4, 2)).toMatchObject({ columns: 4, rows: 32, k: 1, cell: 5 });
  });

  it('sort units by activity, ties by their order', () => {
    expect(byActivity([3, 7, 3, 9])).toEqual([3, 1, 0, 2]);
  });
});

describe('pictures', () => {
  const layer = { codes: Uint8Array.from([2, 0, 3, 4, 1, 5]), out: 2, in: 3 };

  it('draw an input map of whole squares and read single pixels', () => {
    const drawing = drawInputMap(inputCounts({ codes: new Uint8Array(784 * 2).fill(CODE.kept), out: 2, in: 784 }, null), { rows: 28, columns: 28 }, 2, options(476, 476));
    expect(drawing.raster.width).toBe(476);
    expect(drawing.cellAt(0, 0)).toMatchObject({ x: 0, y: 0, input: 0, k: 1 });
    expect(drawing.cellAt(475, 475)).toMatchObject({ x: 459, y: 459, input: 783 });
    expect(drawing.cellAt(475, 475)?.unit).toBeUndefined();
    expect(drawing.cellAt(-1, 0)).toBeUndefined();
  });

  it('draw a matrix with a sign for every state that large squares can carry', () => {
    const drawing = drawMatrix(layer, options(60, 60));
    const { width, pixels } = drawing.raster;
    const square = (column: number, row: number): string => Array.from({ length: 20 }, (_, y) => pixels.subarray((row * 20 + y) * width + column * 20, (row * 20 + y) * width + column * 20 + 20).join()).join();
    const colours = (text: string): number => new Set(text.split(',')).size;
    const squares = [0, 1, 2, 3, 4, 5].map((at) => square(at % 3, Math.floor(at / 3)));
    expect(new Set(squares).size).toBe(6);
    // Never: the square and the gap. Kept: a third colour for the sign. Others have edges that are mixed, or more colours.
    expect(colours(squares[1]!)).toBe(2);
    for (const at of [0, 2, 3, 4, 5]) expect(colours(squares[at]!), `square ${at}`).toBeGreaterThan(2);
    expect(drawing.cellAt(1, 1)).toMatchObject({ unit: 0, input: 0, side: 20 });
    expect(drawing.cellAt(41, 21)).toMatchObject({ x: 40, y: 20, unit: 1, input: 2 });
  });

  it('aggregate a large matrix and say so', () => {
    const drawing = drawMatrix({ codes: new Uint8Array(128 * 784).fill(CODE.kept), out: 128, in: 784 }, options(476, 476));
    expect(drawing.caption).toMatch(/1 square = 2 × 2 weights/);
    expect(drawing.cellAt(4 * drawing.cellAt(0, 0)!.side, 0)).toMatchObject({ k: 2, unit: 0, input: 8 });
  });

  it('find the unit and the weight under a point in the tile views', () => {
    const neurons = drawNeurons(layer, { rows: 1, columns: 3 }, 2, options(40, 40));
    expect(neurons.cellAt(0, 0)).toMatchObject({ unit: 1, input: 0 });
    expect(neurons.cellAt(25, 0)).toMatchObject({ unit: 0 });
    expect(neurons.cellAt(neurons.leap.x + 2 * neurons.cellAt(0, 0)!.side, 0)).toMatchObject({ unit: 0, input: 2 });
    expect(neurons.cellAt(18, 0)).toBeUndefined();
    const weights = drawWeights(Float32Array.of(1, 0, 0, 0, 0, -1), layer, { rows: 1, columns: 3 }, [0, 1], 2, options(40, 40));
    expect(weights.raster.pixels[0]).toBe(packHex('#00ff00'));
    expect(weights.cellAt(25, 0)?.unit).toBe(1);
  });
});
