import { CODE, isActive } from './states.ts';

/** Where a block of weights lies in the code array of its layer: rows are outputs unless a tile is cut out. */
export interface CodeGrid {
  codes: Uint8Array;
  /** Index of the first cell. */
  offset: number;
  /** Cells between one row and the next. */
  stride: number;
  rows: number;
  columns: number;
}

/** What k x k weights have in common, for a square that is too small to show them one by one. */
export interface BlockSummary {
  cells: number;
  active: number;
  dropped: number;
  grown: number;
  regrown: number;
  /** Inactive now, active before. */
  was: number;
  kept: number;
}

/** Counts the states within the k x k block at (blockRow, blockColumn); the block may be cut off at the edge. */
export function summarise(grid: CodeGrid, k: number, blockRow: number, blockColumn: number): BlockSummary {
  const summary: BlockSummary = { cells: 0, active: 0, dropped: 0, grown: 0, regrown: 0, was: 0, kept: 0 };
  const rowEnd = Math.min(grid.rows, (blockRow + 1) * k);
  const columnEnd = Math.min(grid.columns, (blockColumn + 1) * k);
  for (let row = blockRow * k; row < rowEnd; row++) {
    for (let column = blockColumn * k; column < columnEnd; column++) {
      const code = grid.codes[grid.offset + row * grid.stride + column] ?? 0;
      summary.cells++;
      if (isActive(code)) summary.active++;
      if (code === CODE.kept) summary.kept++;
      else if (code === CODE.dropped) summary.dropped++;
      else if (code === CODE.grown) summary.grown++;
      else if (code === CODE.regrown) summary.regrown++;
      else if (code === CODE.was) summary.was++;
    }
  }
  return summary;
}

/**
 * Weights a side of the square that one drawn cell stands for: the smallest that makes it at least 2 device pixels.
 * @param pixelsPerWeight room for one weight, in device pixels
 */
export function blockSide(pixelsPerWeight: number): number {
  return pixelsPerWeight >= 2 ? 1 : Math.max(1, Math.ceil(2 / Math.max(pixelsPerWeight, 1e-6)));
}

/**
 * For each input, how many of its links satisfy a test.
 * @param codes states [out, in]
 * @returns counts [in]
 */
export function countByInput(codes: Uint8Array, out: number, inputs: number, test: (code: number) => boolean): Float32Array {
  const counts = new Float32Array(inputs);
  // Six states: asking once for each is cheaper than a call for every weight.
  const passes = Array.from({ length: 6 }, (_, code) => (test(code) ? 1 : 0));
  for (let row = 0; row < out; row++) {
    const start = row * inputs;
    for (let column = 0; column < inputs; column++) counts[column]! += passes[codes[start + column]!]!;
  }
  return counts;
}

/** For each output (hidden unit), how many of its incoming links are active. */
export function activeByOutput(codes: Uint8Array, out: number, inputs: number): Uint32Array {
  const counts = new Uint32Array(out);
  for (let row = 0; row < out; row++) {
    let active = 0;
    for (let at = row * inputs; at < (row + 1) * inputs; at++) if (isActive(codes[at]!)) active++;
    counts[row] = active;
  }
  return counts;
}

/**
 * The weight of largest magnitude within each k x k block, sign kept: a single large weight stays visible.
 * @returns values [ceil(rows / k), ceil(columns / k)]
 */
export function extremeByBlock(
  values: Float32Array, offset: number, stride: number, rows: number, columns: number, k: number,
): Float32Array {
  const blockColumns = Math.ceil(columns / k);
  const extremes = new Float32Array(Math.ceil(rows / k) * blockColumns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = values[offset + row * stride + column] ?? 0;
      const at = Math.floor(row / k) * blockColumns + Math.floor(column / k);
      // A NaN stays: it is what the reader has to see.
      if (Number.isNaN(value) || Math.abs(value) > Math.abs(extremes[at]!)) extremes[at] = value;
    }
  }
  return extremes;
}
