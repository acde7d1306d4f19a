import { extent, smooth, type ChartModel, type Curve } from '../charts/model.ts';
import { roundTicks } from '../charts/ticks.ts';
import { formatLoss, formatPercent } from '../text/numbers.ts';
import type { RunLog } from '../../engine/experiment/runLog.ts';
import { NETWORK_ORDER, NETWORKS } from './networks.ts';
import { curve } from './reading.ts';

/** Accuracy on the test set of all networks, with chance as a level. */
export function accuracyModel(log: RunLog, end: number, classes: number): ChartModel {
  const curves = networkCurves(log, 'test', 'accuracy', end, 0);
  const chance = 1 / classes;
  const newest = curves.flatMap(({ values }) => values[values.length - 1] ?? []);
  // Once all networks have learnt, what tells them apart lies in the upper half: the axis says where it begins.
  const low = newest.length > 0 && Math.min(...newest) > 0.75 && chance < 0.5 ? 0.5 : 0;
  return {
    id: 'accuracy', title: 'Test accuracy', curves, levels: low < chance ? [{ value: chance, label: 'chance' }] : [],
    x: [0, log.totalSteps], y: [low, 1], ticks: roundTicks(low, 1, low > 0 ? 5 : 4), format: (value) => formatPercent(value, value < 1 && value * 100 % 1 !== 0 ? 1 : 0),
  };
}

/** Loss on the training batches of all networks. */
export function lossModel(log: RunLog, end: number, smoothing: number): ChartModel {
  const curves = networkCurves(log, 'train', 'loss', end, smoothing);
  const limits = extent(curves);
  const high = limits ? Math.min(limits[1], 4) : 2.5;
  const ticks = roundTicks(0, high, 3);
  return { id: 'loss', title: 'Training loss', curves, levels: [], x: [0, log.totalSteps], y: [0, Math.max(high, ticks.at(-1) ?? high)], ticks, format: formatLoss };
}

/** A column of all networks as curves, in the order in which they are listed; smoothed by the weight of the past, where that is above 0. */
export function networkCurves(log: RunLog, table: 'test' | 'train', column: string, end: number, smoothing: number): Curve[] {
  return NETWORK_ORDER.filter((arm) => log.arms.includes(arm)).map((arm) => {
    const points = curve(log, arm, table, column, end);
    return { id: arm, ...NETWORKS[arm], steps: points.steps, values: smoothing > 0 ? smooth(points.values, smoothing) : points.values };
  });
}
