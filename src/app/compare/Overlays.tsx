import { useMemo, useState, type ReactElement } from 'react';
import { X_AXES, type XAxis } from '../charts/along.ts';
import { ChartTools } from '../charts/ChartTools.tsx';
import { formatCount } from '../text/numbers.ts';
import { OVERLAY_METRICS, overlayCsv, overlayCurve, overlayModel, pointAt, type OverlayView } from './overlay.ts';
import { OverlayChart } from './OverlayChart.tsx';
import type { ListedRun } from './pastRuns.ts';
import { RunSign } from './RunSign.tsx';
import { saveText } from '../text/saveText.ts';

/** What the curves are drawn of, so that a chart and the values below agree. */
const AS_LOGGED: OverlayView = { x: 'step', smoothing: 0, logX: false, logY: false };

/** Charts of the drawn runs over each other, with the values of all at the step looked at. */
export function Overlays({ runs }: { runs: readonly ListedRun[] }): ReactElement {
  const [view, setView] = useState<OverlayView>(AS_LOGGED);
  const [step, setStep] = useState<number | null>(null);
  const models = useMemo(() => OVERLAY_METRICS.map((metric) => overlayModel(runs, metric, view)), [runs, view]);
  const looks = runs.map(({ look }) => look ?? 0);
  const last = Math.max(0, ...runs.map(({ steps }) => steps));
  return (
    <section className="overlays" aria-label="Runs over each other">
      <OverlayControls view={view} onView={setView} />
      <div className="overlay-charts">
        {OVERLAY_METRICS.map((metric, i) => (
          <OverlayChart key={metric.id} title={metric.title} model={models[i]!} looks={looks} stepped={metric.stepped} step={step} onStep={setStep} formatX={X_AXES[view.x].format} formatY={metric.format}>
            <ChartTools
              name={`sparseland-runs-${metric.id}`} empty={models[i]!.curves.every(({ points }) => points.length === 0)} csv={() => overlayCsv(runs, [metric], view.smoothing)}
              svg={async () => (await import('../export/compareFigures.ts')).overlaySvg(runs, { title: metric.title, model: models[i]!, stepped: metric.stepped, along: X_AXES[view.x].label, formatX: X_AXES[view.x].format, formatY: metric.format })}
            />
          </OverlayChart>
        ))}
      </div>
      <div className="overlay-step">
        <label className="control-name" htmlFor="overlay-step">Step {formatCount(step ?? last)}</label>
        <input id="overlay-step" type="range" min={0} max={last} value={step ?? last} onChange={(event) => setStep(Number(event.target.value))} />
        <button type="button" className="link-button small" onClick={() => saveText('sparseland-runs.csv', 'text/csv', overlayCsv(runs))}>CSV of the drawn runs</button>
      </div>
      <OverlayValues runs={runs} step={step ?? last} />
      {view.x === 'time' && <p className="small faint">Time of training steps, of all networks trained together; pauses and evaluations are left out.</p>}
      {view.x === 'flops' && <p className="small faint">Theoretical: a multiply and an add for each active weight, dense gradients of mask updates included.</p>}
    </section>
  );
}

function OverlayControls({ view, onView }: { view: OverlayView; onView(view: OverlayView): void }): ReactElement {
  return (
    <div className="overlay-controls">
      <div className="segmented" role="radiogroup" aria-label="Horizontal axis">
        {(Object.keys(X_AXES) as XAxis[]).map((x) => <label key={x}><input type="radio" name="overlay-x" checked={view.x === x} onChange={() => onView({ ...view, x })} />{X_AXES[x].label}</label>)}
      </div>
      <div className="overlay-smoothing">
        <label htmlFor="overlay-smoothing" className="control-name">Smoothing</label>
        <input id="overlay-smoothing" type="range" min={0} max={0.99} step={0.01} value={view.smoothing} onChange={(event) => onView({ ...view, smoothing: Number(event.target.value) })} />
        <output className="small">{view.smoothing > 0 && view.smoothing.toFixed(2)}</output>
        <button type="button" className="button" aria-pressed={view.smoothing === 0} onClick={() => onView({ ...view, smoothing: 0 })}>Off</button>
      </div>
      <label className="check-row"><input type="checkbox" checked={view.logX} onChange={(event) => onView({ ...view, logX: event.target.checked })} />Log x</label>
      <label className="check-row"><input type="checkbox" checked={view.logY} onChange={(event) => onView({ ...view, logY: event.target.checked })} />Log y</label>
    </div>
  );
}

/** The values of the drawn runs as they were logged at or before a step. */
function OverlayValues({ runs, step }: { runs: readonly ListedRun[]; step: number }): ReactElement {
  const curves = useMemo(() => runs.map((run) => OVERLAY_METRICS.map((metric) => overlayCurve(run, metric, AS_LOGGED).points)), [runs]);
  return (
    <div className="table-scroll">
      <table className="diagnostics overlay-values">
        <caption className="visually-hidden">Values at step {formatCount(step)}</caption>
        <thead><tr><th scope="col">Run</th>{OVERLAY_METRICS.map(({ id, title }) => <th key={id} scope="col">{title}</th>)}</tr></thead>
        <tbody>
          {runs.map((run, i) => (
            <tr key={run.id}>
              <th scope="row"><span className="run-name"><RunSign look={run.look} />{run.name}</span></th>
              {OVERLAY_METRICS.map(({ id, format }, m) => {
                const point = pointAt(curves[i]![m]!, step);
                return <td key={id}>{point && point.step <= step ? format(point.value) : '–'}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
