import { useMemo, useState, type ReactElement } from 'react';
import { Chart } from '../charts/Chart.tsx';
import type { ChartModel } from '../charts/model.ts';
import { Sparkline } from '../charts/Sparkline.tsx';
import { useChartsWanted } from '../charts/wanted.ts';
import { measureModels, measuresOf } from '../gradients/measures.ts';
import { useView } from '../stores/view.ts';
import { type PanelProps } from './reading.ts';
import '../gradients/gradients.css';

/** What gradients are like, layer by layer, as evaluations found them; empty before the first. */
export function GradientsPanel({ log, cursor, end }: PanelProps): ReactElement | null {
  const theme = useView((view) => view.theme);
  const full = useChartsWanted();
  const [wanted, setWanted] = useState('');
  const [layer, setLayer] = useState('');
  // Rows come with evaluations and mask updates, versions ten times a second.
  const rows = [...log.tables].reduce((sum, [name, table]) => sum + (/gradient$|^main.mask$/.test(name) ? table.length : 0), 0);
  const measures = useMemo(() => measuresOf(log), [log, rows]);
  const measure = measures.find(({ id }) => id === wanted) ?? measures[0];
  const models = useMemo(() => (measure ? measureModels(log, measure, end) : new Map<string, ChartModel>()), [log, rows, measure, cursor < end ? end : rows]);
  const shown = models.has(layer) ? layer : [...models.keys()][0];
  const model = shown === undefined ? undefined : models.get(shown);
  if (!measure || !model) return null;
  return (
    <section className="panel chart-panel" aria-label="Gradients">
      <h2>
        Gradients
        <select className="inline-select" aria-label="What is shown of the gradients" value={measure.id} onChange={(event) => setWanted(event.target.value)}>
          {measures.map(({ id, title }) => <option key={id} value={id}>{title}</option>)}
        </select>
      </h2>
      <Chart model={model} mark={cursor < end ? cursor : undefined} height={132} full={full} theme={theme} description={measure.words} />
      {models.size > 1 && (
        <div className="gradient-layers" role="group" aria-label="Layer">
          {[...models].map(([name, small]) => (
            <button key={name} type="button" className="gradient-layer small" aria-pressed={name === shown} onClick={() => setLayer(name)}>
              <span>{name}<b>{newestOf(small)}</b></span>
              <Sparkline model={small} height={36} theme={theme} />
            </button>
          ))}
        </div>
      )}
      <p className="small muted">{measure.words}</p>
    </section>
  );
}

/** The newest value of the network itself, as it is written. */
function newestOf({ curves: [main], format }: ChartModel): string {
  const value = Array.from(main?.values ?? []).findLast(Number.isFinite);
  return value === undefined ? '' : format(value);
}
