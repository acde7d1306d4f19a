import { activeByOutput, countByInput, extremeByBlock, summarise, type CodeGrid } from './aggregate.ts';
import { byActivity, matrixLayout, tileLayout, type TileLayout, type TileShape } from './layout.ts';
import { blockColour, densityColour, weightColour, type MaskPalette } from './palette.ts';
import { createRaster, fillRect, type Raster } from './raster.ts';
import { stateShading } from './shading.ts';
import { putSquare, squaresOf, type Squares } from './signs.ts';
import { CODE, isActive, STATE_WORDS, type MaskState } from './states.ts';
import { formatCount, formatValue } from '../text/numbers.ts';

/** A place in a picture, in device pixels. */
export interface Point {
  x: number;
  y: number;
}

/** A square of a picture: its place in device pixels, and the first of the weights that it stands for. */
export interface Cell {
  x: number;
  y: number;
  side: number;
  /** Absent where it stands for an input of all units. */
  unit?: number;
  input: number;
  /** Weights a side. */
  k: number;
}

/** A finished picture with its words. Coordinates are device pixels of the raster. */
export interface Drawing {
  raster: Raster;
  /** What one square stands for, and the scale. */
  caption: string;
  /** The square under a point, if there is one. */
  cellAt(x: number, y: number): Cell | undefined;
  /** A long way from square to square, in device pixels: from tile to tile, or over several squares. */
  leap: Point;
}

/** What every view of a layer needs. */
export interface LayerCodes {
  codes: Uint8Array;
  out: number;
  in: number;
}

/** Room and colours of a picture. */
export interface DrawOptions {
  /** Room in device pixels. */
  width: number;
  height: number;
  /** Device pixels in a CSS pixel. */
  ratio: number;
  palette: MaskPalette;
  solo: MaskState | null;
}

/** Squares of a leap where there are no tiles. */
const LEAP = 8;

/** Links of each input pixel that the picture counts: active ones, or those in the solo state. */
export function inputCounts(layer: LayerCodes, solo: MaskState | null): Float32Array {
  const test = solo === null ? isActive : (code: number): boolean => code === CODE[solo];
  return countByInput(layer.codes, layer.out, layer.in, test);
}

/**
 * The image of the inputs: how many links leave each pixel.
 * @param most the count that gets the full colour; shared between pictures that stand side by side
 */
export function drawInputMap(counts: Float32Array, image: TileShape, most: number, options: DrawOptions): Drawing {
  const cell = Math.max(1, Math.floor(Math.min(options.width / image.columns, options.height / image.rows)));
  const gap = cell >= 8 * options.ratio ? Math.max(1, Math.round(options.ratio)) : 0;
  const raster = createRaster(image.columns * cell, image.rows * cell, options.palette.surface);
  for (let row = 0; row < image.rows; row++) {
    for (let column = 0; column < image.columns; column++) {
      const colour = densityColour(options.palette, counts[row * image.columns + column] ?? 0, most, options.solo);
      fillRect(raster, column * cell, row * cell, cell - gap, cell - gap, colour);
    }
  }
  const what = options.solo === null ? 'active links' : `links ${STATE_WORDS[options.solo].label}`;
  return {
    raster,
    caption: `1 square = 1 input pixel; full colour = ${formatCount(most)} ${what}, square-root scale`,
    leap: { x: LEAP * cell, y: LEAP * cell },
    cellAt(x, y) {
      const row = Math.floor(y / cell);
      const column = Math.floor(x / cell);
      if (row < 0 || column < 0 || row >= image.rows || column >= image.columns) return undefined;
      return { x: column * cell, y: row * cell, side: cell - gap, input: row * image.columns + column, k: 1 };
    },
  };
}

/** The squares of all states at a size. */
export const squaresFor = ({ palette, solo, ratio }: DrawOptions, cell: number): Squares => squaresOf(stateShading(palette, solo), cell, ratio);

/** Paints the states of a grid of weights, as squares of k x k of them; large ones have their signs. */
export function paintGrid(raster: Raster, grid: CodeGrid, left: number, top: number, k: number, squares: Squares, { palette, solo }: DrawOptions): void {
  const { cell } = squares;
  for (let row = 0; row < Math.ceil(grid.rows / k); row++) {
    for (let column = 0; column < Math.ceil(grid.columns / k); column++) {
      const x = left + column * cell;
      const y = top + row * cell;
      if (k > 1) fillRect(raster, x, y, cell, cell, blockColour(palette, summarise(grid, k, row, column), solo));
      else putSquare(raster, x, y, squares, grid.codes[grid.offset + row * grid.stride + column] ?? 0);
    }
  }
}

/** The weight matrix, inputs on the long axis, folded into bands where that makes the squares larger. */
export function drawMatrix(layer: LayerCodes, options: DrawOptions): Drawing {
  const layout = matrixLayout(layer.out, layer.in, options.width, options.height);
  const raster = createRaster(layout.width, layout.height, options.palette.surface);
  const squares = squaresFor(options, layout.cell);
  const bandGrid = (band: number): CodeGrid => ({
    codes: layer.codes, offset: band * layout.bandInputs, stride: layer.in, rows: layer.out,
    columns: Math.min(layout.bandInputs, layer.in - band * layout.bandInputs),
  });
  for (let band = 0; band < layout.bands; band++) {
    paintGrid(raster, bandGrid(band), 0, band * layout.bandStep, layout.k, squares, options);
  }
  const square = layout.k === 1 ? '1 square = 1 weight' : `1 square = ${layout.k} × ${layout.k} weights, lightness is density`;
  const folded = layout.bands > 1 ? `; ${layout.bands} bands of ${layout.bandInputs} inputs` : '';
  return {
    raster,
    caption: `${square}; inputs across, units down${folded}`,
    leap: { x: LEAP * layout.cell, y: LEAP * layout.cell },
    cellAt(x, y) {
      const band = Math.floor(y / layout.bandStep);
      const row = Math.floor((y - band * layout.bandStep) / layout.cell);
      const column = Math.floor(x / layout.cell);
      if (x < 0 || y < 0 || band >= layout.bands) return undefined;
      const { offset, rows, columns } = bandGrid(band);
      if (row * layout.k >= rows || column * layout.k >= columns) return undefined;
      return { x: column * layout.cell, y: band * layout.bandStep + row * layout.cell, side: layout.cell, unit: row * layout.k, input: offset + column * layout.k, k: layout.k };
    },
  };
}

/** The squares of tiles that show units in an order. */
function tileCells(layout: TileLayout, shape: TileShape, order: readonly number[]): Pick<Drawing, 'cellAt' | 'leap'> {
  const { cell, k } = layout;
  return {
    leap: { x: layout.stepX, y: layout.stepY },
    cellAt(x, y) {
      const [column, row] = [Math.floor(x / layout.stepX), Math.floor(y / layout.stepY)];
      const [across, down] = [Math.floor((x - column * layout.stepX) / cell), Math.floor((y - row * layout.stepY) / cell)];
      const unit = column < 0 || column >= layout.columns ? undefined : order[row * layout.columns + column];
      if (unit === undefined || across * k >= shape.columns || down * k >= shape.rows) return undefined;
      return { x: column * layout.stepX + across * cell, y: row * layout.stepY + down * cell, side: cell, unit, input: down * k * shape.columns + across * k, k };
    },
  };
}

/** Every unit as a tile of the states of its incoming links, most active first. */
export function drawNeurons(layer: LayerCodes, shape: TileShape, columns: number, options: DrawOptions): Drawing {
  const active = activeByOutput(layer.codes, layer.out, layer.in);
  const order = byActivity(active);
  const gap = Math.max(1, Math.round(options.ratio));
  const layout = tileLayout(layer.out, shape, options.width, columns, gap);
  const raster = createRaster(layout.width, layout.height, options.palette.surface);
  const squares = squaresFor(options, layout.cell);
  order.forEach((unit, place) => {
    const grid = { codes: layer.codes, offset: unit * layer.in, stride: shape.columns, rows: shape.rows, columns: shape.columns };
    const left = (place % layout.columns) * layout.stepX;
    const top = Math.floor(place / layout.columns) * layout.stepY;
    paintGrid(raster, grid, left, top, layout.k, squares, options);
  });
  const square = layout.k === 1 ? '1 square = 1 weight' : `1 square = ${layout.k} × ${layout.k} weights`;
  return {
    raster, ...tileCells(layout, shape, order),
    caption: `1 tile = the ${formatCount(layer.in)} inputs of a unit, most active links first; ${square}`,
  };
}

/** Largest magnitude among finite values. */
export function largestMagnitude(values: Float32Array): number {
  let most = 0;
  for (const value of values) if (Math.abs(value) > most && Number.isFinite(value)) most = Math.abs(value);
  return most;
}

/** Every unit as a tile of its incoming weights; `order` gives the units from left to right. */
export function drawWeights(
  values: Float32Array, layer: { out: number; in: number }, shape: TileShape, order: readonly number[], columns: number, options: DrawOptions,
): Drawing {
  const limit = largestMagnitude(values);
  const layout = tileLayout(layer.out, shape, options.width, columns, Math.max(1, Math.round(options.ratio)));
  const raster = createRaster(layout.width, layout.height, options.palette.surface);
  const across = Math.ceil(shape.columns / layout.k);
  order.forEach((unit, place) => {
    const blocks = extremeByBlock(values, unit * layer.in, shape.columns, shape.rows, shape.columns, layout.k);
    const left = (place % layout.columns) * layout.stepX;
    const top = Math.floor(place / layout.columns) * layout.stepY;
    blocks.forEach((value, at) => {
      const colour = weightColour(options.palette, value, limit);
      fillRect(raster, left + (at % across) * layout.cell, top + Math.floor(at / across) * layout.cell, layout.cell, layout.cell, colour);
    });
  });
  const square = layout.k === 1 ? '1 square = 1 weight' : `1 square = ${layout.k} × ${layout.k} weights, the largest shown`;
  return {
    raster, ...tileCells(layout, shape, order),
    caption: `Purple negative, green positive, full colour = ±${formatValue(limit)}, square-root scale; ${square}`,
  };
}
