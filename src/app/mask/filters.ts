import { formatValue } from '../text/numbers.ts';
import { largestMagnitude, paintGrid, squaresFor, type Drawing, type DrawOptions, type LayerCodes } from './draw.ts';
import { stateColour, weightColour } from './palette.ts';
import { createRaster, fillRect, mix, type Raster } from './raster.ts';
import { putSquare, type Squares } from './signs.ts';
import { CODE, isActive } from './states.ts';

/** A convolution's weights: [filter, channel, row, column]. */
export interface Filters extends LayerCodes {
  kernel: readonly [number, number];
}

/** Where the kernels of a convolution lie in a picture, in device pixels. */
export interface FilterLayout {
  /** Side of a weight. */
  cell: number;
  columns: number;
  rows: number;
  stepX: number;
  stepY: number;
  /** Filters across and channels down, or the other way round; kernels of a single channel are filled in row by row. */
  order: 'filters across' | 'channels across' | 'in rows';
}

/** Sides of a weight, in CSS pixels: the smallest at which filters lie across, and the largest. */
const LEAST_ACROSS = 4;
const LARGEST = 10;
/** CSS pixels between kernels, of a single channel and of several, and how far their colour is from that of the page: squares of inactive weights may have the latter. */
const GAPS = [5, 2] as const;
const GAP_SHADE = 0.14;

/** Places the kernels of a layer in a width of device pixels. */
export function filterLayout(filters: number, channels: number, [height, width]: readonly [number, number], room: number, ratio: number): FilterLayout {
  const gap = Math.max(1, Math.round(GAPS[channels === 1 ? 0 : 1] * ratio));
  const cellOf = (across: number): number => Math.max(1, Math.min(Math.round(LARGEST * ratio), Math.floor(((room + gap) / across - gap) / width)));
  const placed = (order: FilterLayout['order'], columns: number, rows: number, cell: number): FilterLayout => ({ order, columns, rows, cell, stepX: width * cell + gap, stepY: height * cell + gap });
  if (channels === 1) {
    const cell = cellOf(1);
    const columns = Math.max(1, Math.min(filters, Math.floor((room + gap) / (width * cell + gap))));
    return placed('in rows', columns, Math.ceil(filters / columns), cell);
  }
  const across = cellOf(filters);
  if (across >= LEAST_ACROSS * ratio || filters <= channels) return placed('filters across', filters, channels, across);
  return placed('channels across', channels, filters, cellOf(channels));
}

/** The kernel in a place of the layout; undefined where there is none. */
function kernelAt({ order, columns, rows }: FilterLayout, column: number, row: number, filters: number): { filter: number; channel: number } | undefined {
  if (column < 0 || row < 0 || column >= columns || row >= rows) return undefined;
  if (order === 'in rows') return row * columns + column < filters ? { filter: row * columns + column, channel: 0 } : undefined;
  return order === 'filters across' ? { filter: column, channel: row } : { filter: row, channel: column };
}

/**
 * The kernels of a convolution as tiles: of their weights where values are known, and of the states of these; where they
 * are not, of states alone.
 */
export function drawFilters(layer: Filters, values: Float32Array | undefined, options: DrawOptions): Drawing {
  const [height, width] = layer.kernel;
  const points = height * width;
  const layout = filterLayout(layer.out, layer.in / points, layer.kernel, options.width, options.ratio);
  const { cell, columns, rows, stepX, stepY } = layout;
  const gap = stepX - width * cell;
  const raster = createRaster(columns * stepX - gap, rows * stepY - gap, mix(options.palette.surface, options.palette.full, GAP_SHADE));
  const squares = squaresFor(options, cell);
  const limit = values ? largestMagnitude(values) : 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const kernel = kernelAt(layout, column, row, layer.out);
      fillRect(raster, column * stepX, row * stepY, kernel ? width * cell : stepX, kernel ? height * cell : stepY, options.palette.surface);
      if (!kernel) continue;
      const offset = kernel.filter * layer.in + kernel.channel * points;
      const grid = { codes: layer.codes, offset, stride: width, rows: height, columns: width };
      if (!values) paintGrid(raster, grid, column * stepX, row * stepY, 1, squares, options);
      else for (let i = 0; i < points; i++) paintWeight(raster, squares, layer.codes[offset + i] ?? 0, values[offset + i] ?? 0, limit, column * stepX + (i % width) * cell, row * stepY + Math.floor(i / width) * cell, options);
    }
  }
  return {
    raster, leap: { x: stepX, y: stepY },
    caption: captionOf(layout, values && limit),
    cellAt(x, y) {
      const [column, row] = [Math.floor(x / stepX), Math.floor(y / stepY)];
      const kernel = kernelAt(layout, column, row, layer.out);
      const [across, down] = [Math.floor((x - column * stepX) / cell), Math.floor((y - row * stepY) / cell)];
      if (!kernel || across >= width || down >= height) return undefined;
      return { x: column * stepX + across * cell, y: row * stepY + down * cell, side: cell, unit: kernel.filter, input: kernel.channel * points + down * width + across, k: 1 };
    },
  };
}

/** One weight by its value; what the last update changed has the sign or the edge of its state. */
function paintWeight(raster: Raster, squares: Squares, code: number, value: number, limit: number, x: number, y: number, { palette, solo, ratio }: DrawOptions): void {
  const { cell, signed: large } = squares;
  const side = cell - (large ? Math.max(1, Math.round(ratio)) : 0);
  const colour = stateColour(palette, code, solo);
  const hidden = solo !== null && CODE[solo] !== code;
  if (hidden || !isActive(code)) {
    // Of a small square the colour has to say it.
    if (!hidden && large && code === CODE.dropped) putSquare(raster, x, y, squares, code);
    else fillRect(raster, x, y, side, side, colour);
    return;
  }
  const edge = code === CODE.kept ? 0 : Math.max(1, Math.round(side / 6));
  fillRect(raster, x, y, side, side, colour);
  fillRect(raster, x + edge, y + edge, side - 2 * edge, side - 2 * edge, weightColour(palette, value, limit));
}

function captionOf({ order }: FilterLayout, limit: number | undefined): string {
  const places = order === 'in rows' ? '' : order === 'filters across' ? '; filters across, channels down' : '; channels across, filters down';
  const colours = limit === undefined ? '' : `; purple negative, green positive, full colour = ±${formatValue(limit)}, square-root scale; blue edge: grown`;
  return `1 square = 1 weight${colours}${places}`;
}
