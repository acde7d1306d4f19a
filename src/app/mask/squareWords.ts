import { formatCount, formatValue } from '../text/numbers.ts';
import { summarise } from './aggregate.ts';
import type { LayerCodes } from './draw.ts';
import { flipWords, type Flips } from './flips.ts';
import type { MatrixLayout } from './layout.ts';
import type { Square } from './matrixWindow.ts';
import { MASK_STATES, STATE_WORDS } from './states.ts';

/** What a square of the matrix stands for: a weight with its state and history, or the counts of a block. */
export function squareWords(layer: LayerCodes, layout: MatrixLayout, square: Square, flips: Flips | undefined): string[] {
  const { k, bandInputs } = layout;
  if (k === 1) {
    const at = square.unit * layer.in + square.input;
    const state = STATE_WORDS[MASK_STATES[layer.codes[at] ?? 0] ?? 'never'].label;
    return [`Input ${square.input} to unit ${square.unit}: ${state}.`, ...(flips ? [flipWords(flips, at)] : [])];
  }
  const band = Math.floor(square.input / bandInputs);
  const first = band * bandInputs;
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

/** The value of a weight and its magnitude, where the run tells them; otherwise why not. Gradient scores stay on the device. */
export function scoreWords(live: boolean, weights: { values: Float32Array; step: number } | null, at: number): string {
  if (!live) return 'Weight not recorded at this step.';
  const value = weights?.values[at];
  if (!weights || value === undefined) return 'Weight: being read.';
  return `Weight ${formatValue(value)}, magnitude score ${formatValue(Math.abs(value))} (step ${formatCount(weights.step)}).`;
}
