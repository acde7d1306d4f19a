import { decimal, quoted } from '../../engine/experiment/metricsCsv.ts';
import type { ChartModel, Curve } from './model.ts';

/** All points of all curves as CSV in long form: `series,step,value`, with the fields and numbers of `metrics.csv`; `measured` is that of their chart. */
export function curvesCsv(curves: readonly Curve[], measured: ChartModel['measured'] = Number): string {
  const lines = curves.flatMap(({ label, steps, values }) => Array.from(steps, (step, i) => `${quoted(label)},${step},${decimal(measured(values[i] as number))}`));
  return `${['series,step,value', ...lines].join('\n')}\n`;
}
