import { datasetCard } from '../../engine/data/cards.ts';
import type { ArmId, LayerFacts, MaskSnapshot, MetricRows } from '../../engine/experiment/events.ts';
import { joinedTimes, medianStepMs } from '../../engine/experiment/stepTimes.ts';
import type { Points } from '../charts/model.ts';
import type { TileShape } from '../mask/layout.ts';
import { maskAt, series, type RunLog } from '../../engine/experiment/runLog.ts';

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

/** True for a run on a text: what is guessed is the next character. */
export const isText = ({ experiment }: Pick<RunLog, 'experiment'>): boolean => datasetCard(experiment?.data.set ?? '')?.text === true;

/** Answers that a network chooses from. */
export const classesOf = ({ experiment }: Pick<RunLog, 'experiment'>): number => datasetCard(experiment?.data.set ?? '')?.classes ?? 10;

/** A column of the log as a curve, up to and including a step. */
export function curve(log: RunLog, arm: ArmId, table: Table, column: string, end: number): Points {
  return series(log, arm, table, column, end);
}

/** A measured value and the step it belongs to. */
export interface Measured {
  step: number;
  value: number;
}

/** The newest value of a column at or before a step. */
export function valueAt(log: RunLog, arm: ArmId, table: Table, column: string, step: number): Measured | undefined {
  const { steps, values } = series(log, arm, table, column, step);
  for (let i = steps.length - 1; i >= 0; i--) {
    const value = values[i];
    const at = steps[i];
    if (value !== undefined && at !== undefined && !Number.isNaN(value)) return { step: at, value };
  }
  return undefined;
}

/** The median step time up to a step, in milliseconds, and over how many steps. */
export function stepTimeUpTo(log: RunLog, end: number): { stepMs: number; n: number } | undefined {
  const { steps, values } = series(log, 'main', 'time', 'stepMs', end);
  // A run that went on from a checkpoint begins later; its first slice is one step all the same.
  return medianStepMs(joinedTimes(steps, values, (steps[0] ?? 1) - 1));
}

/** Steps at which the main network's masks were updated. */
export function updateSteps(log: RunLog): number[] {
  return Array.from(series(log, 'main', 'mask', 'density').steps).filter((step) => step > 0);
}

/** The masks of an arm as they were at a step. */
export function masks(log: RunLog, arm: ArmId, step: number): MaskSnapshot | undefined {
  return maskAt(log, arm, step);
}

/** The layer of that name; or else the first where it reads an image, and the largest that has a mask, if any has, where it does not. */
export function layerNamed(log: RunLog, name: string | null): LayerFacts | undefined {
  const named = log.layers.find((layer) => layer.name === name);
  if (named || imageShape(log, log.layers[0])) return named ?? log.layers[0];
  const masked = log.layers.filter((layer) => layer.maskable);
  return (masked.length > 0 ? masked : log.layers).reduce<LayerFacts | undefined>((most, layer) => (most && most.in * most.out >= layer.in * layer.out ? most : layer), undefined);
}

/** Weights that a mask may take away: of the maskable layers, biases left out. */
export function maskableWeights(layers: readonly LayerFacts[]): number {
  return layers.reduce((sum, layer) => sum + (layer.maskable ? layer.out * layer.in : 0), 0);
}

/** Rows and columns of the image that the units of a layer read whole; undefined for other layers and tasks without one. */
export function imageShape(log: RunLog, layer: LayerFacts | undefined): TileShape | undefined {
  const image = datasetCard(log.experiment?.data.set ?? '')?.image;
  return layer && layer === log.layers[0] && !layer.kernel && image ? { rows: image.height, columns: image.width } : undefined;
}
