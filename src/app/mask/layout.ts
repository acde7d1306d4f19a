import { blockSide } from './aggregate.ts';

/** Rows and columns of the grid in which one unit's weights are drawn. */
export interface TileShape {
  rows: number;
  columns: number;
}

/**
 * The picture that the inputs of a layer form: the image for image tasks, otherwise the grid nearest to a square.
 * @param image rows and columns of the data's image, if the layer reads one
 */
export function tileShape(inputs: number, image?: TileShape): TileShape {
  if (image && image.rows * image.columns === inputs) return image;
  let rows = Math.max(1, Math.floor(Math.sqrt(inputs)));
  while (inputs % rows !== 0) rows--;
  return { rows, columns: inputs / rows };
}

/** A matrix folded into bands of inputs, one below the other, so that its squares are as large as the room allows. */
export interface MatrixLayout {
  /** Weights a side of one square. */
  k: number;
  /** Device pixels a side of one square. */
  cell: number;
  bands: number;
  /** Inputs in one band; the last may hold fewer. */
  bandInputs: number;
  /** Device pixels from the top of one band to the top of the next. */
  bandStep: number;
  width: number;
  height: number;
}

/** Device pixels between two bands. */
export const BAND_GAP = 8;

/** Chooses folding and square size for `outputs` rows by `inputs` columns in a room of device pixels. */
export function matrixLayout(outputs: number, inputs: number, width: number, height: number): MatrixLayout {
  let best: MatrixLayout | undefined;
  for (let bands = 1; bands <= Math.min(16, inputs); bands++) {
    const bandInputs = Math.ceil(inputs / bands);
    const room = Math.min(width / bandInputs, (height - (bands - 1) * BAND_GAP) / (bands * outputs));
    if (room <= 0) break;
    const k = blockSide(room);
    const cell = Math.max(1, Math.floor(room * k + 1e-9));
    const layout = {
      k, cell, bands, bandInputs,
      bandStep: Math.ceil(outputs / k) * cell + BAND_GAP,
      width: Math.ceil(bandInputs / k) * cell,
      height: bands * Math.ceil(outputs / k) * cell + (bands - 1) * BAND_GAP,
    };
    if (!best || cell / k > best.cell / best.k * 1.001) best = layout;
  }
  return best ?? { k: 1, cell: 1, bands: 1, bandInputs: inputs, bandStep: outputs, width: inputs, height: outputs };
}

/** Tiles of equal size in rows, left to right. */
export interface TileLayout {
  k: number;
  /** Device pixels a side of one square. */
  cell: number;
  columns: number;
  rows: number;
  /** Device pixels from one tile to the next. */
  stepX: number;
  stepY: number;
  tileWidth: number;
  tileHeight: number;
  width: number;
  height: number;
}

/** Places `count` tiles in at most `columns` columns across a width in device pixels. */
export function tileLayout(count: number, shape: TileShape, width: number, columns: number, gap: number): TileLayout {
  const across = Math.max(1, Math.min(columns, count));
  const room = (Math.floor(width / across) - gap) / shape.columns;
  const k = blockSide(room);
  const cell = Math.max(1, Math.floor(room * k + 1e-9));
  const tileWidth = Math.ceil(shape.columns / k) * cell;
  const tileHeight = Math.ceil(shape.rows / k) * cell;
  const rows = Math.ceil(count / across);
  return {
    k, cell, columns: across, rows, tileWidth, tileHeight,
    stepX: tileWidth + gap, stepY: tileHeight + gap,
    width: across * (tileWidth + gap) - gap, height: rows * (tileHeight + gap) - gap,
  };
}

/** Indices of the units in the order of their active links, most first; ties keep their order. */
export function byActivity(active: ArrayLike<number>): number[] {
  return Array.from({ length: active.length }, (_, unit) => unit).sort((a, b) => active[b]! - active[a]! || a - b);
}
