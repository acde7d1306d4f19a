import { useMemo, type ReactElement } from 'react';
import { Chart } from '../charts/Chart.tsx';
import type { ChartModel } from '../charts/model.ts';
import { useChartsWanted } from '../charts/wanted.ts';
import { BetaChart } from '../decay/BetaChart.tsx';
import { allEdits, plannedCourses, type Courses } from '../decay/courses.ts';
import { betaModel, patternModel, pullModel } from '../decay/models.ts';
import { useView } from '../stores/view.ts';
import type { PanelProps } from './reading.ts';
import '../decay/decay.css';

/** How the methods that keep a dense master change over a run, as planned and as run: beta, the pull to 0, the pattern. Empty for all others. */
export function DecayPanel(panel: PanelProps): ReactElement | null {
  const { log, version, end } = panel;
  const full = useChartsWanted();
  const courses = useCourses(panel);
  const [beta, pull, pattern] = useMemo(() => (courses ? [betaModel(log, courses, end), pullModel(log, courses, end), patternModel(log, courses, end)] : []), [log, version, end, courses]);
  if (!beta && !pull && !pattern) return null;
  return (
    <>
      {beta && (
        <section className="panel chart-panel" aria-label="Beta">
          <h2>Beta <span className="aside">factor of weights outside the mask</span></h2>
          <BetaChart {...panel} model={beta} full={full} />
        </section>
      )}
      {pull && <Course {...panel} model={pull} full={full} aside="on weights outside the mask" description="Pull to 0 on the weights outside the mask, as planned and as the steps were run with it." />}
      {pattern && <Course {...panel} model={pattern} full={full} aside="N of every M kept" description="N and M of the pattern, as planned and as the masks were chosen by it." />}
    </>
  );
}

function Course({ model, full, aside, description, cursor, end }: PanelProps & { model: ChartModel; full: boolean; aside: string; description: string }): ReactElement {
  const theme = useView((view) => view.theme);
  return (
    <section className="panel chart-panel" aria-label={model.title}>
      <h2>{model.title} <span className="aside">{aside}</span></h2>
      <Chart model={model} mark={cursor < end ? cursor : undefined} height={132} full={full} theme={theme} description={description} />
    </section>
  );
}

/** What the run that is shown plans, with the changes that were made to it. */
function useCourses({ log }: PanelProps): Courses | undefined {
  const { experiment, layers, edits } = log;
  const made = edits.length;
  return useMemo(() => experiment && plannedCourses(experiment, layers, allEdits(experiment.edits, edits)), [experiment, layers, edits, made]);
}
