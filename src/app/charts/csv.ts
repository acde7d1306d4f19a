import { decimal, quoted } from '../../engine/experiment/metricsCsv.ts';
import { X_AXES } from './along.ts';
import type { ChartModel } from './model.ts';

/**
 * All points of all curves as CSV in long form: `series,step,value`, with the fields and numbers of `metrics.csv`. Where
 * the chart runs along something else, `training_flops` or `seconds` stand behind the step, empty where they are not known;
 * what is drawn as something else, such as its logarithm, is written as it was measured.
 */
export function curvesCsv({ curves, along, measured = Number }: Pick<ChartModel, 'curves' | 'along' | 'measured'>): string {
  const axis = along && X_AXES[along.axis];
  const place = (curve: string, step: number): string => {
    const at = along && axis ? along.of(curve, step) / axis.unit : Number.NaN;
    return Number.isFinite(at) ? String(Number(at.toPrecision(6))) : '';
  };
  const lines = curves.flatMap(({ id, label, steps, values }) => Array.from(steps, (step, i) => [quoted(label), step, ...(axis ? [place(id, step)] : []), decimal(measured(values[i] as number))].join(',')));
  return `${[['series', 'step', ...(axis ? [axis.column] : []), 'value'].join(','), ...lines].join('\n')}\n`;
}
