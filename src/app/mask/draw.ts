import { activeByOutput, countByInput, extremeByBlock, summarise, type CodeGrid } from './aggregate.ts';
import { byActivity, matrixLayout, tileLayout, type TileShape } from './layout.ts';
import { blockColour, densityColour, weightColour, type MaskPalette } from './palette.ts';
import { createRaster, fillRect, type Raster } from './raster.ts';
import { stateShading } from './shading.ts';
import { putSquare, squaresOf, type Squares } from './signs.ts';
import { CODE, isActive, MASK_STATES, STATE_WORDS, type MaskState } from './states.ts';
import { formatCount, formatValue } from '../text/numbers.ts';

/** A finished picture with its words. Coordinates are device pixels of the raster. */
export interface Drawing {
  raster: Raster;
  /** What one square stands for, and the scale. */
  caption: string;
  /** The words for the cell under a point, if there is one. */
  describeAt(x: number, y: number): string | undefined;
  /** The unit whose tile is under a point, in the tile views. */
  unitAt?(x: number, y: number): number | undefined;
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
    describeAt(x, y) {
      const row = Math.floor(y / cell);
      const column = Math.floor(x / cell);
      if (row < 0 || column < 0 || row >= image.rows || column >= image.columns) return undefined;
      return `Pixel row ${row + 1}, column ${column + 1}: ${formatCount(counts[row * image.columns + column] ?? 0)} ${what}`;
    },
  };
}

const squaresFor = ({ palette, solo, ratio }: DrawOptions, cell: number): Squares => squaresOf(stateShading(palette, solo), cell, ratio);

function paintGrid(raster: Raster, grid: CodeGrid, left: number, top: number, k: number, squares: Squares, { palette, solo }: DrawOptions): void {
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

const stateName = (code: number): string => STATE_WORDS[MASK_STATES[code] ?? 'never'].label;

function blockWords(grid: CodeGrid, k: number, row: number, column: number): string {
  const block = summarise(grid, k, row, column);
  return `${k} × ${k} weights: ${block.active} active, ${block.dropped} dropped, ${block.grown + block.regrown} grown`;
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
    describeAt(x, y) {
      const band = Math.floor(y / layout.bandStep);
      const row = Math.floor((y - band * layout.bandStep) / layout.cell);
      const column = Math.floor(x / layout.cell);
      if (x < 0 || y < 0 || band >= layout.bands) return undefined;
      const grid = bandGrid(band);
      if (row * layout.k >= grid.rows || column * layout.k >= grid.columns) return undefined;
      if (layout.k > 1) return blockWords(grid, layout.k, row, column);
      const code = grid.codes[grid.offset + row * grid.stride + column] ?? 0;
      return `Input ${grid.offset + column} to unit ${row}: ${stateName(code)}`;
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
  const unitAt = (x: number, y: number): number | undefined => {
    const column = Math.floor(x / layout.stepX);
    if (x < 0 || y < 0 || column >= layout.columns) return undefined;
    return order[Math.floor(y / layout.stepY) * layout.columns + column];
  };
  const square = layout.k === 1 ? '1 square = 1 weight' : `1 square = ${layout.k} × ${layout.k} weights`;
  return {
    raster, unitAt,
    caption: `1 tile = the ${formatCount(layer.in)} inputs of a unit, most active links first; ${square}`,
    describeAt(x, y) {
      const unit = unitAt(x, y);
      return unit === undefined ? undefined : `Unit ${unit}: ${formatCount(active[unit] ?? 0)} of ${formatCount(layer.in)} links active`;
    },
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
  const unitAt = (x: number, y: number): number | undefined => {
    const column = Math.floor(x / layout.stepX);
    return x < 0 || y < 0 || column >= layout.columns ? undefined : order[Math.floor(y / layout.stepY) * layout.columns + column];
  };
  const square = layout.k === 1 ? '1 square = 1 weight' : `1 square = ${layout.k} × ${layout.k} weights, the largest shown`;
  return {
    raster, unitAt,
    caption: `Purple negative, green positive, full colour = ±${formatValue(limit)}, square-root scale; ${square}`,
    describeAt(x, y) {
      const unit = unitAt(x, y);
      return unit === undefined ? undefined : `Unit ${unit}`;
    },
  };
}
