import type { XAxis } from './along.ts';

/** One curve: steps ascending, a value for each. */
export interface Points {
  steps: ArrayLike<number>;
  values: ArrayLike<number>;
}

/** How a curve is told from the others beside its colour. */
export type Stroke = 'solid' | 'dashed' | 'dotted';

/** A curve with its words and looks. */
export interface Curve extends Points {
  id: string;
  /** Stands at the end of the line. */
  label: string;
  /** Name of a colour token: `--run-1`. */
  colour: string;
  stroke: Stroke;
  /** Values hold until the next one. */
  stepped?: boolean;
}

/** A level that runs across the chart, such as chance. */
export interface Level {
  value: number;
  label: string;
}

/** What a chart runs along where that is not the step. */
export interface Along {
  axis: Exclude<XAxis, 'step'>;
  /** Where a step of a curve, given by its id, lies; not finite where that is not known. */
  of(curve: string, step: number): number;
}

/** Everything a chart shows. */
export interface ChartModel {
  id: string;
  title: string;
  curves: readonly Curve[];
  levels: readonly Level[];
  /** First and last step of the planned run, or their places along `along`. */
  x: readonly [number, number];
  /** Absent: the step. */
  along?: Along;
  y: readonly [number, number];
  ticks: readonly number[];
  /** The step looked at, while it is not the newest. */
  mark?: number;
  format(value: number): string;
  /** What was measured where the axis is drawn by powers; values are what they were where absent. */
  measured?: ((drawn: number) => number) | undefined;
}

/** A point of a decimated curve. */
export interface Point {
  step: number;
  value: number;
}

/** The points of a curve as they are drawn: `x` is their place along the chart. Those without one are left out. */
export function placed({ along }: Pick<ChartModel, 'along'>, curve: Curve, limit?: number): (Point & { x: number })[] {
  const points = decimate(curve, limit);
  if (!along) return points.map((point) => ({ ...point, x: point.step }));
  return points.map((point) => ({ ...point, x: along.of(curve.id, point.step) })).filter(({ x }) => Number.isFinite(x));
}

/** Place of the step looked at; that of the main network, where curves have places of their own. */
export function markPlace({ along, mark }: Pick<ChartModel, 'along' | 'mark'>): number | undefined {
  return along && mark !== undefined ? along.of('main', mark) : mark;
}

/**
 * At most `limit` points of a curve, in order: for each stretch its smallest and largest value, so that no spike is lost;
 * first and last are kept. Points that are not finite are left out.
 */
export function decimate({ steps, values }: Points, limit = 500): Point[] {
  const finite: Point[] = [];
  for (let i = 0; i < steps.length; i++) {
    const value = values[i];
    const step = steps[i];
    if (value !== undefined && step !== undefined && Number.isFinite(value)) finite.push({ step, value });
  }
  if (finite.length <= limit) return finite;
  const first = finite[0]!;
  const last = finite[finite.length - 1]!;
  const stretches = Math.max(1, Math.floor((limit - 2) / 2));
  const result: Point[] = [first];
  for (let s = 0; s < stretches; s++) {
    const from = 1 + Math.floor((s * (finite.length - 2)) / stretches);
    const to = 1 + Math.floor(((s + 1) * (finite.length - 2)) / stretches);
    let low = from;
    let high = from;
    for (let i = from; i < to; i++) {
      if (finite[i]!.value < finite[low]!.value) low = i;
      if (finite[i]!.value > finite[high]!.value) high = i;
    }
    if (from >= to) continue;
    result.push(finite[Math.min(low, high)]!);
    if (low !== high) result.push(finite[Math.max(low, high)]!);
  }
  result.push(last);
  return result;
}

/** Exponentially smoothed values; `weight` 0 leaves them as they are. Values that are not finite pass through. */
export function smooth(values: ArrayLike<number>, weight: number): Float32Array {
  const smoothed = Float32Array.from(values);
  if (!(weight > 0)) return smoothed;
  let mean = 0;
  let mass = 0;
  for (let i = 0; i < smoothed.length; i++) {
    const value = smoothed[i]!;
    if (!Number.isFinite(value)) continue;
    mean = mean * weight + value * (1 - weight);
    mass = mass * weight + (1 - weight);
    // Divided by the mass, so that the beginning is not drawn towards 0.
    smoothed[i] = mean / mass;
  }
  return smoothed;
}

/** Smallest and largest finite value of all curves, or undefined when there is none. */
export function extent(curves: readonly Points[]): [number, number] | undefined {
  let low = Infinity;
  let high = -Infinity;
  for (const { values } of curves) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (!Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? [low, high] : undefined;
}

/** Moves label positions apart, top to bottom, so that neighbours are `space` apart and all lie inside 0 and `height`. */
export function spread(positions: readonly number[], space: number, height: number): number[] {
  const order = positions.map((_, i) => i).sort((a, b) => positions[a]! - positions[b]!);
  const result = [...positions];
  let floor = 0;
  for (const i of order) {
    result[i] = Math.max(result[i]!, floor);
    floor = result[i]! + space;
  }
  let ceiling = height;
  for (const i of [...order].reverse()) {
    result[i] = Math.min(result[i]!, ceiling);
    ceiling = result[i]! - space;
  }
  return result;
}

/** The rows of a chart's table: one a step, one column a curve; empty where a curve has no value. */
export function tableRows(curves: readonly Curve[], limit = 60): { step: number; values: (number | undefined)[] }[] {
  const byStep = new Map<number, (number | undefined)[]>();
  curves.forEach((curve, column) => {
    for (const { step, value } of decimate(curve, limit)) {
      const row = byStep.get(step) ?? curves.map(() => undefined);
      row[column] = value;
      byStep.set(step, row);
    }
  });
  return [...byStep].sort(([a], [b]) => a - b).map(([step, values]) => ({ step, values }));
}
