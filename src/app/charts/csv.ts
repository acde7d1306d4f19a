import { decimal, quoted } from '../../engine/experiment/metricsCsv.ts';
import type { Curve } from './model.ts';

/** All points of all curves as CSV in long form: `series,step,value`, with the fields and numbers of `metrics.csv`. */
export function curvesCsv(curves: readonly Curve[]): string {
  const lines = curves.flatMap(({ label, steps, values }) => Array.from(steps, (step, i) => `${quoted(label)},${step},${decimal(values[i] as number)}`));
  return `${['series,step,value', ...lines].join('\n')}\n`;
}
