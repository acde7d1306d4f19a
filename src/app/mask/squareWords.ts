import { summarise } from './aggregate.ts';
import type { LayerCodes } from './draw.ts';
import type { MatrixLayout } from './layout.ts';
import type { Square } from './matrixWindow.ts';
import { weightLines, type Reading } from './weightWords.ts';

/** What a square of the matrix stands for: a weight with all that is known of it, or the counts of a block. */
export function squareWords(reading: Reading, layout: MatrixLayout, square: Square): string[] {
  return layout.k === 1 ? weightLines(reading, square.unit, square.input) : blockWords({ codes: reading.codes, out: reading.layer.out, in: reading.layer.in }, layout, square);
}

function blockWords(layer: LayerCodes, { k, bandInputs }: MatrixLayout, square: Square): string[] {
  const first = Math.floor(square.input / bandInputs) * bandInputs;
  const grid = { codes: layer.codes, offset: first, stride: layer.in, rows: layer.out, columns: Math.min(bandInputs, layer.in - first) };
  const row = Math.floor(square.unit / k);
  const column = Math.floor((square.input - first) / k);
  const block = summarise(grid, k, row, column);
  const range = (from: number, end: number): string => `${from} to ${Math.min(end, from + k) - 1}`;
  return [
    `Inputs ${range(first + column * k, first + grid.columns)}, units ${range(row * k, layer.out)}.`,
    `${block.cells} weights: ${block.active} active, ${block.dropped + block.regrown} dropped, ${block.grown + block.regrown} grown. Zoom in for single weights.`,
  ];
}
