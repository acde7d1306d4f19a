import { useMemo, type ReactElement } from 'react';
import { Chart } from '../charts/Chart.tsx';
import { useChartsWanted } from '../charts/wanted.ts';
import { look, useView } from '../stores/view.ts';
import { AlongChoice, AlongNote, useAlong } from './AlongChoice.tsx';
import { bitsWords, lossShown } from './bitsModel.ts';
import { isText, type PanelProps } from './reading.ts';
import { evaluatedOn } from './summary.ts';

const SMOOTHINGS = [0, 0.8, 0.95, 0.99];

/** Training loss over the steps, or along FLOPs or time, as measured or smoothed; of texts that of the test text as well, in bits per character. */
export function LossPanel({ log, version, cursor, end }: PanelProps): ReactElement {
  const theme = useView((view) => view.theme);
  const smoothing = useView((view) => view.smoothing);
  const full = useChartsWanted();
  const model = useAlong(useMemo(() => lossShown(log, end, smoothing), [log, version, end, smoothing]), log, end);
  const text = isText(log);
  return (
    <section className="panel chart-panel" aria-label={model.title}>
      <h2>
        {model.title}
        <AlongChoice />
        <label className="aside">Smoothing{' '}
          <select className="inline-select" value={smoothing} onChange={(event) => look({ smoothing: Number(event.target.value) })}>
            {SMOOTHINGS.map((weight) => <option key={weight} value={weight}>{weight === 0 ? 'Off' : weight}</option>)}
          </select>
        </label>
      </h2>
      <Chart model={model} mark={cursor < end ? cursor : undefined} height={text ? 180 : 132} full={full} theme={theme} description={text ? `Loss on the ${evaluatedOn(log.experiment)} of all networks, and on the training batches of this one, over the training steps.` : 'Loss on the training batches over the training steps.'} />
      {text && <p className="small faint">{bitsWords(log, cursor)}</p>}
      <AlongNote networks={log.arms.length} />
    </section>
  );
}
