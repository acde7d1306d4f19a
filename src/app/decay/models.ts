import type { RunLog } from '../../engine/experiment/runLog.ts';
import type { ChartModel, Curve } from '../charts/model.ts';
import { roundTicks } from '../charts/ticks.ts';
import { curve } from '../panels/reading.ts';
import { formatPower } from '../text/power.ts';
import type { Courses } from './courses.ts';

/** Most ticks of an axis of powers of two. */
const MOST_TICKS = 5;

const isThere = (values: readonly number[]): boolean => values.some(Number.isFinite);
const planned = (id: string, label: string, steps: readonly number[], values: readonly number[]): Curve =>
  ({ id, label, colour: '--text-2', stroke: 'dashed', stepped: true, steps, values });

function ran(log: RunLog, table: 'train' | 'mask', column: string, label: string, end: number): Curve {
  return { id: column, label, colour: '--run-1', stroke: 'solid', stepped: true, ...curve(log, 'main', table, column, end) };
}

/** Beta as planned, and as the steps were run with it; undefined where no phase has one. */
export function betaModel(log: RunLog, { steps, beta }: Courses, end: number): ChartModel | undefined {
  if (!isThere(beta)) return undefined;
  return {
    id: 'beta', title: 'Beta', curves: [planned('planned', 'planned', steps, beta), ran(log, 'train', 'beta', 'used', end)],
    // What the ends of the scale are.
    levels: [{ value: 1, label: 'dense' }, { value: 0, label: 'STE' }],
    x: [0, log.totalSteps], y: [0, 1], ticks: [0, 0.5, 1], format: (value) => String(Number(value.toFixed(2))),
  };
}

/** The pull on weights outside the mask, planned and used. */
export function pullModel(log: RunLog, { steps, pull }: Courses, end: number): ChartModel | undefined {
  if (!isThere(pull)) return undefined;
  const used = ran(log, 'train', 'pull', 'used', end);
  const high = Math.max(Number.MIN_VALUE, ...pull.filter(Number.isFinite), ...Array.from(used.values).filter(Number.isFinite));
  return { id: 'pull', title: 'Pull to 0', curves: [planned('planned', 'planned', steps, pull), used], levels: [], x: [0, log.totalSteps], y: [0, 1.1 * high], ticks: roundTicks(0, high, 2), format: formatPower };
}

/** N and M as planned, and as masks were chosen by them, on a scale of doublings; undefined where they stay as they are. */
export function patternModel(log: RunLog, { steps, n, m }: Courses, end: number): ChartModel | undefined {
  if (new Set(n.map((count, i) => `${count}:${m[i]}`)).size < 2 || !isThere(m)) return undefined;
  const doubled = (curve: Curve): Curve => ({ ...curve, values: Float32Array.from(curve.values, Math.log2) });
  const high = Math.log2(Math.max(...m.filter(Number.isFinite)));
  const every = Math.ceil((Math.floor(high) + 1) / MOST_TICKS);
  return {
    id: 'pattern', title: 'Pattern', levels: [], x: [0, log.totalSteps], y: [0, high],
    curves: [planned('planned m', 'M planned', steps, m), planned('planned n', 'N planned', steps, n), ran(log, 'mask', 'm', 'M', end), ran(log, 'mask', 'n', 'N', end)].map(doubled),
    ticks: Array.from({ length: Math.floor(high / every) + 1 }, (_, i) => i * every), measured: (value) => Math.round(2 ** value), format: (value) => String(Math.round(2 ** value)),
  };
}
