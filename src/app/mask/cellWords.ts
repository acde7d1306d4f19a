import { formatCount, formatValue } from '../text/numbers.ts';
import { summarise } from './aggregate.ts';
import type { Cell } from './draw.ts';
import type { TileShape } from './layout.ts';
import { CODE, isActive, LEGEND_ORDER, STATE_WORDS } from './states.ts';
import { pixelWords, weightLines, type Reading } from './weightWords.ts';

/** What a square stands for, a sentence or two a line: an input of all units, a weight of one, or several weights. @param shape of the tile that a unit is drawn as */
export function cellLines(reading: Reading, cell: Cell, shape: TileShape): string[] {
  if (cell.unit === undefined) return inputLines(reading, cell.input);
  const unit = unitWords(reading, cell.unit);
  return cell.k === 1 ? [unit, ...weightLines(reading, cell.unit, cell.input)] : [unit, ...blockLines(reading, cell.unit, cell, shape)];
}

function unitWords({ layer, codes }: Reading, unit: number): string {
  const active = codes.subarray(unit * layer.in, (unit + 1) * layer.in).reduce((sum, code) => sum + (isActive(code) ? 1 : 0), 0);
  return `${layer.kernel ? 'Filter' : 'Unit'} ${unit}: ${formatCount(active)} of ${formatCount(layer.in)} links active.`;
}

/** How many units listen to an input, and what the last update did to its links. */
function inputLines({ layer, codes, image }: Reading, input: number): string[] {
  const counts = new Array<number>(LEGEND_ORDER.length).fill(0);
  let active = 0;
  for (let unit = 0; unit < layer.out; unit++) {
    const code = codes[unit * layer.in + input] ?? 0;
    counts[code] = (counts[code] ?? 0) + 1;
    if (isActive(code)) active++;
  }
  const parts = LEGEND_ORDER.flatMap((state) => (counts[CODE[state]] ? [`${formatCount(counts[CODE[state]] ?? 0)} ${STATE_WORDS[state].label}`] : []));
  return [`${image ? pixelWords(image, input) : `Input ${input}`}: ${formatCount(active)} of ${formatCount(layer.out)} links active.`, `${parts.join(', ')}.`];
}

function blockLines({ layer, codes, image, weights }: Reading, unit: number, { input, k }: Cell, shape: TileShape): string[] {
  const [row, column] = [Math.floor(input / shape.columns), input % shape.columns];
  const grid = { codes, offset: unit * layer.in, stride: shape.columns, rows: shape.rows, columns: shape.columns };
  const { cells, active, dropped, grown, regrown } = summarise(grid, k, row / k, column / k);
  const range = (from: number, most: number): string => `${from + 1} to ${Math.min(most, from + k)}`;
  const where = image ? `Pixel rows ${range(row, shape.rows)}, columns ${range(column, shape.columns)}: ` : '';
  return [
    `${where}${cells} weights, ${active} active, ${dropped + regrown} dropped, ${grown + regrown} grown.`,
    ...(weights ? [`Largest weight ${formatValue(largest(weights.values, unit * layer.in, input, k, shape))}, as of step ${formatCount(weights.step)}.`] : []),
  ];
}

function largest(values: Float32Array, offset: number, input: number, k: number, { rows, columns }: TileShape): number {
  let most = 0;
  for (let row = Math.floor(input / columns); row < Math.min(rows, Math.floor(input / columns) + k); row++) {
    for (let column = input % columns; column < Math.min(columns, (input % columns) + k); column++) {
      const value = values[offset + row * columns + column] ?? 0;
      if (Math.abs(value) > Math.abs(most)) most = value;
    }
  }
  return most;
}
