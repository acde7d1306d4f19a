import type { RunLog } from '../../engine/experiment/runLog.ts';
import type { ChartModel } from '../charts/model.ts';
import { formatDensity } from '../text/numbers.ts';
import { curve } from './reading.ts';

const PLAN_POINTS = 240;

/**
 * Planned and achieved density over the whole run.
 * @param planned the plan as settings stand now; what was planned at past steps comes from the log
 * @param layer the only one that is looked at; all weights together where absent
 */
export function scheduleModel(log: RunLog, end: number, planned: (step: number) => number, layer?: string): ChartModel {
  const prefix = layer === undefined ? '' : `${layer}.`;
  const past = curve(log, 'main', 'mask', `${prefix}planned`, end);
  const steps = Array.from(past.steps);
  const values = Array.from(past.values);
  const known = steps.at(-1) ?? -1;
  const stride = Math.max(1, Math.ceil(log.totalSteps / PLAN_POINTS));
  for (let step = 0; step <= log.totalSteps; step += stride) {
    if (step <= known) continue;
    steps.push(step);
    values.push(planned(step));
  }
  const achieved = curve(log, 'main', 'mask', `${prefix}density`, end);
  return {
    id: layer === undefined ? 'schedule' : `schedule-${layer}`, title: layer === undefined ? 'Density' : `Density of ${layer}`, levels: [],
    curves: [
      { id: 'planned', label: 'planned', colour: '--text-2', stroke: 'dashed', stepped: true, steps, values },
      { id: 'achieved', label: 'achieved', colour: '--run-1', stroke: 'solid', stepped: true, steps: achieved.steps, values: achieved.values },
    ],
    x: [0, log.totalSteps], y: [0, 1], ticks: [0, 0.5, 1], format: formatDensity,
  };
}
