import { useMemo, type ReactElement } from 'react';
import { Chart } from '../charts/Chart.tsx';
import { useChartsWanted } from '../charts/wanted.ts';
import { scheduleOf } from '../session/preview.ts';
import { useExperiment, withChanges } from '../stores/experiment.ts';
import { useView } from '../stores/view.ts';
import { scheduleModel } from './curves.ts';
import type { PanelProps } from './reading.ts';

/** The sparsity schedule: planned density over the whole run, achieved density so far. */
export function SchedulePanel({ log, version, cursor, end }: PanelProps): ReactElement {
  const theme = useView((view) => view.theme);
  const full = useChartsWanted();
  const started = useExperiment((state) => state.started);
  const experiment = useExperiment((state) => state.experiment);
  const changed = useExperiment((state) => state.changed);
  const schedule = useMemo(() => scheduleOf(withChanges(started ?? experiment, changed), log.layers), [started, experiment, changed, log]);
  const model = useMemo(() => scheduleModel(log, end, schedule.density), [log, version, end, schedule]);
  return (
    <section className="panel chart-panel" aria-label="Sparsity schedule">
      <h2>Density <span className="aside">planned and achieved</span></h2>
      <Chart model={model} mark={cursor < end ? cursor : undefined} height={120} full={full} theme={theme} description="Planned density over the run, and the density that the masks have reached." />
    </section>
  );
}
