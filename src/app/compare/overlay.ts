import { progressAt } from '../../engine/experiment/progress.ts';
import { series } from '../../engine/experiment/runLog.ts';
import type { XAxis } from '../charts/along.ts';
import { decimate, smooth } from '../charts/model.ts';
import { roundTicks } from '../charts/ticks.ts';
import { formatDensity, formatLoss, formatPercent } from '../text/numbers.ts';
import type { PastRun } from './pastRun.ts';

/** A measure that is drawn of several runs at once. */
export interface OverlayMetric {
  id: string;
  title: string;
  table: 'train' | 'test' | 'mask';
  column: string;
  /** Values hold until the next one; such a curve is never smoothed. */
  stepped: boolean;
  format(value: number): string;
}

/** All measures, in the order in which they stand. */
export const OVERLAY_METRICS: readonly OverlayMetric[] = [
  { id: 'accuracy', title: 'Test accuracy', table: 'test', column: 'accuracy', stepped: false, format: formatPercent },
  { id: 'loss', title: 'Training loss', table: 'train', column: 'loss', stepped: false, format: formatLoss },
  { id: 'density', title: 'Density', table: 'mask', column: 'density', stepped: true, format: formatDensity },
];

/** How curves are laid over each other. */
export interface OverlayView {
  x: XAxis;
  /** Weight of the past, 0 to 0.99; 0 is off. */
  smoothing: number;
  logX: boolean;
  logY: boolean;
}

/** A logged point: its step, where it lies along the axis, and its value. */
export interface OverlayPoint {
  step: number;
  x: number;
  value: number;
}

/** One run's curve. */
export interface OverlayCurve {
  id: string;
  points: readonly OverlayPoint[];
  /** The points as measured, where `points` are smoothed; else empty. */
  raw: readonly OverlayPoint[];
}

/** A scale of one axis: its ends, its ticks, and whether it is logarithmic. */
export interface OverlayScale {
  low: number;
  high: number;
  log: boolean;
  ticks: readonly number[];
}

/** Everything that an overlay shows. */
export interface OverlayModel {
  curves: readonly OverlayCurve[];
  x: OverlayScale;
  y: OverlayScale;
}

/** Most points of a curve: a plot is no wider. */
const MOST_POINTS = 400;

/** One run's curve of a measure. */
export function overlayCurve(run: PastRun, metric: OverlayMetric, { x, smoothing, logX, logY }: OverlayView): OverlayCurve {
  const measured = series(run.log, 'main', metric.table, metric.column);
  const along = (step: number): number => (x === 'step' ? step : progressAt(run.progress[x], step));
  const placed = (values: ArrayLike<number>): OverlayPoint[] => decimate({ steps: measured.steps, values }, MOST_POINTS)
    .map(({ step, value }) => ({ step, value, x: along(step) }))
    .filter((point) => Number.isFinite(point.x) && !(logX && point.x <= 0) && !(logY && point.value <= 0));
  const smoothes = smoothing > 0 && !metric.stepped;
  const points = placed(smoothes ? smooth(measured.values, smoothing) : measured.values);
  // What holds until the next mask holds until the end.
  const last = points.at(-1);
  const end = along(run.steps);
  if (metric.stepped && last && run.steps > last.step && Number.isFinite(end)) points.push({ step: run.steps, x: end, value: last.value });
  return { id: run.id, points, raw: smoothes ? placed(measured.values) : [] };
}

/** Several runs' curves of a measure on common axes. */
export function overlayModel(runs: readonly PastRun[], metric: OverlayMetric, view: OverlayView): OverlayModel {
  const curves = runs.map((run) => overlayCurve(run, metric, view));
  const all = curves.flatMap(({ points, raw }) => [...points, ...raw]);
  const values = all.map(({ value }) => value);
  // Accuracies of runs worth comparing lie close together: their axis begins at the least of them.
  const from = metric.column === 'accuracy' ? undefined : 0;
  return { curves, x: scaleOf(all.map(({ x }) => x), view.logX, 0), y: scaleOf(values, view.logY, from) };
}

/** A scale that holds all values. @param from where a linear one begins; at the least value where absent */
export function scaleOf(values: readonly number[], log: boolean, from: number | undefined): OverlayScale {
  const least = values.reduce((a, b) => Math.min(a, b), Infinity);
  const most = values.reduce((a, b) => Math.max(a, b), -Infinity);
  if (!(least <= most)) return { low: log ? 1 : 0, high: log ? 10 : 1, log, ticks: [] };
  const low = log ? least : Math.min(from ?? least, least);
  const high = most > low ? most : low + (Math.abs(low) || 1);
  return { low, high, log, ticks: log ? logTicks(low, high) : roundTicks(low, high, 4) };
}

/** Powers of ten between two limits; where there are fewer than three, their doubles and fivefolds, too. */
export function logTicks(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const of = (digits: readonly number[]): number[] =>
    Array.from({ length: last - first + 1 }, (_, i) => digits.map((digit) => Number((digit * 10 ** (first + i)).toPrecision(6)))).flat().filter((tick) => tick >= low && tick <= high);
  const powers = of([1]);
  if (powers.length < 3) return of([1, 2, 5]);
  const stride = Math.ceil(powers.length / 6);
  return powers.filter((_, i) => i % stride === 0);
}

/** Where a value lies along a scale: 0 at its low end, 1 at its high one. */
export function placeOn({ low, high, log }: OverlayScale, value: number): number {
  return log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
}

/** The point of a curve that was logged last at or before a step; its first where all came later. */
export function pointAt(points: readonly OverlayPoint[], step: number): OverlayPoint | undefined {
  return points.findLast((point) => point.step <= step) ?? points[0];
}

/** The step of the point that lies nearest to a place along the axis; undefined without points. */
export function nearestStep({ curves, x }: OverlayModel, place: number): number | undefined {
  let best: { step: number; far: number } | undefined;
  for (const point of curves.flatMap(({ points }) => points)) {
    const far = Math.abs(placeOn(x, point.x) - place);
    if (!best || far < best.far) best = { step: point.step, far };
  }
  return best?.step;
}

/**
 * Curves of all runs as tidy CSV: a row for each logged value. Runs are named as in the table; values are as measured.
 * @param smoothing where it is not 0, a column `smoothed` stands behind; empty for curves that are never smoothed
 */
export function overlayCsv(runs: readonly PastRun[], metrics: readonly OverlayMetric[] = OVERLAY_METRICS, smoothing = 0): string {
  const lines = [`run,id,metric,step,seconds,training_flops,value${smoothing > 0 ? ',smoothed' : ''}`];
  runs.forEach((run, i) => {
    for (const { id, table, column, stepped } of metrics) {
      const { steps, values } = series(run.log, 'main', table, column);
      const smoothed = smoothing > 0 && !stepped ? smooth(values, smoothing) : [];
      steps.forEach((step, row) => {
        if (Number.isNaN(values[row])) return;
        lines.push([run.name, i + 1, id, step, number(progressAt(run.progress.time, step) / 1000), number(progressAt(run.progress.flops, step)), values[row], ...(smoothing > 0 ? [smoothed[row] ?? ''] : [])].join(','));
      });
    }
  });
  return `${lines.join('\n')}\n`;
}

const number = (value: number): string => (Number.isFinite(value) ? String(Number(value.toPrecision(6))) : '');
