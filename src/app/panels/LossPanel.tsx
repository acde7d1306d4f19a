import { useMemo, type ReactElement } from 'react';
import { Chart } from '../charts/Chart.tsx';
import { useChartsWanted } from '../charts/wanted.ts';
import { look, useView } from '../stores/view.ts';
import { AlongChoice, AlongNote, useAlong } from './AlongChoice.tsx';
import { lossModel } from './curves.ts';
import type { PanelProps } from './reading.ts';

const SMOOTHINGS = [0, 0.8, 0.95, 0.99];

/** Training loss over the steps, or along FLOPs or time, as measured or smoothed. */
export function LossPanel({ log, version, cursor, end }: PanelProps): ReactElement {
  const theme = useView((view) => view.theme);
  const smoothing = useView((view) => view.smoothing);
  const full = useChartsWanted();
  const model = useAlong(useMemo(() => lossModel(log, end, smoothing), [log, version, end, smoothing]), log, end);
  return (
    <section className="panel chart-panel" aria-label="Training loss">
      <h2>
        Training loss
        <AlongChoice />
        <label className="aside">Smoothing{' '}
          <select className="inline-select" value={smoothing} onChange={(event) => look({ smoothing: Number(event.target.value) })}>
            {SMOOTHINGS.map((weight) => <option key={weight} value={weight}>{weight === 0 ? 'Off' : weight}</option>)}
          </select>
        </label>
      </h2>
      <Chart model={model} mark={cursor < end ? cursor : undefined} height={132} full={full} theme={theme} description="Loss on the training batches over the training steps." />
      <AlongNote networks={log.arms.length} />
    </section>
  );
}
