import type { ArmId, LayerFacts, MaskSnapshot, MetricRows } from '../../engine/experiment/events.ts';
import type { Points } from '../charts/model.ts';
import type { TileShape } from '../mask/layout.ts';
import { maskAt, series, type RunLog } from '../dev/contract.ts';

/** What every panel is a function of. */
export interface PanelProps {
  log: RunLog;
  /** Grows with the log; the log itself is changed in place. */
  version: number;
  /** The step looked at. */
  cursor: number;
  /** The newest step that may be shown: of a live run all that is there, of a recording the place where it is played. */
  end: number;
}

type Table = MetricRows['table'];

/** The part of a curve up to and including a step. */
export function upTo({ steps, values }: Points, end: number): Points {
  const length = countUpTo(steps, end);
  return length === steps.length ? { steps, values } : { steps: Array.prototype.slice.call(steps, 0, length), values: Array.prototype.slice.call(values, 0, length) };
}

function countUpTo(steps: ArrayLike<number>, end: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle]! <= end) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A column of the log as a curve, up to a step. */
export function curve(log: RunLog, arm: ArmId, table: Table, column: string, end: number): Points {
  return upTo(series(log, arm, table, column), end);
}

/** A measured value and the step it belongs to. */
export interface Measured {
  step: number;
  value: number;
}

/** The newest value of a column at or before a step. */
export function valueAt(log: RunLog, arm: ArmId, table: Table, column: string, step: number): Measured | undefined {
  const { steps, values } = series(log, arm, table, column);
  for (let i = countUpTo(steps, step) - 1; i >= 0; i--) {
    const value = values[i];
    if (value !== undefined && !Number.isNaN(value)) return { step: steps[i]!, value };
  }
  return undefined;
}

/** The middle value of a column up to a step, and how many there were. */
export function medianOf(log: RunLog, arm: ArmId, table: Table, column: string, end: number): { value: number; n: number } | undefined {
  const { values } = curve(log, arm, table, column, end);
  const sorted = Float64Array.from(values).filter(Number.isFinite).sort();
  const n = sorted.length;
  if (n === 0) return undefined;
  return { n, value: (sorted[(n - 1) >> 1]! + sorted[n >> 1]!) / 2 };
}

/** Steps at which the main network's masks were updated. */
export function updateSteps(log: RunLog): number[] {
  return Array.from(series(log, 'main', 'mask', 'density').steps).filter((step) => step > 0);
}

/** The masks of an arm as they were at a step. */
export function masks(log: RunLog, arm: ArmId, step: number): MaskSnapshot | undefined {
  return maskAt(log, arm, step);
}

/** The layer of that name, or the first. */
export function layerNamed(log: RunLog, name: string | null): LayerFacts | undefined {
  return log.layers.find((layer) => layer.name === name) ?? log.layers[0];
}

/** Weights that a mask may take away: of the maskable layers, biases left out. */
export function maskableWeights(layers: readonly LayerFacts[]): number {
  return layers.reduce((sum, layer) => sum + (layer.maskable ? layer.out * layer.in : 0), 0);
}

/** Rows and columns of the image that a layer reads; undefined for layers and tasks without one. */
export function imageShape(log: RunLog, layer: LayerFacts | undefined): TileShape | undefined {
  return layer && layer === log.layers[0] && layer.in === DIGITS.rows * DIGITS.columns ? DIGITS : undefined;
}

const DIGITS: TileShape = { rows: 28, columns: 28 };
