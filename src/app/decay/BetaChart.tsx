import type { ReactElement } from 'react';
import { Chart, type PlotFrame } from '../charts/Chart.tsx';
import type { ChartModel } from '../charts/model.ts';
import { methodKnobs } from '../controls/groups.ts';
import { actsNow } from '../schedule/edits.ts';
import { session } from '../session/current.ts';
import { phaseIndexAt, phasePath, shownValue, useExperiment } from '../stores/experiment.ts';
import { useRun } from '../stores/run.ts';
import { useView } from '../stores/view.ts';
import type { PanelProps } from '../panels/reading.ts';
import { BetaHandle, betaWords } from './BetaHandle.tsx';

interface BetaChartProps extends PanelProps {
  model: ChartModel;
  full: boolean;
}

/** The chart of beta, with a handle where it is turned by hand. */
export function BetaChart({ log, cursor, end, model, full }: BetaChartProps): ReactElement {
  const theme = useView((view) => view.theme);
  const looksBack = useView((view) => view.cursor !== null);
  const own = useRun((run) => run.source !== 'recording');
  const state = useExperiment();
  const phase = phaseIndexAt(state.experiment, end);
  const path = phasePath(state.experiment, phase, 'sparsity.beta');
  const value = shownValue(state, path);
  const byHand = own && typeof value === 'number' && Object.hasOwn(methodKnobs(state.experiment, phase), path);
  const set = (beta: number): void => session.setKnob(path, beta, actsNow(path));
  const overlay = (frame: PlotFrame): ReactElement => <BetaHandle frame={frame} at={Math.min(1, end / Math.max(1, log.totalSteps))} value={Number(value)} disabled={looksBack} onChange={set} />;
  return (
    <>
      <Chart
        model={model} mark={cursor < end ? cursor : undefined} height={144} full={full} theme={theme} description="Factor of the weights outside the mask, as planned and as the steps were run with it; 1 is a dense network, 0 is STE."
        overlay={byHand ? overlay : undefined}
      />
      {byHand ? <HandWords value={value} set={set} disabled={looksBack} fixed={fixedAt(model, end)} /> : own && <Offer phase={phase} />}
    </>
  );
}

/** What beta is planned to be at the next step, where that is an end of its scale. */
function fixedAt({ curves: [planned] }: ChartModel, end: number): number | undefined {
  const next = planned ? Array.from(planned.steps).findIndex((step) => step > end) : -1;
  const value = planned?.values[next];
  return value === 0 || value === 1 ? value : undefined;
}

interface HandWordsProps {
  value: number;
  fixed: number | undefined;
  disabled: boolean;
  set(value: number): void;
}

function HandWords({ value, fixed, disabled, set }: HandWordsProps): ReactElement {
  return (
    <div className="decay-tools small">
      <button type="button" className="button" disabled={disabled || value === 0} onClick={() => set(0)}>0: STE</button>
      <button type="button" className="button" disabled={disabled || value === 1} onClick={() => set(1)}>1: dense</button>
      <span className="muted">{fixed !== undefined && fixed !== value ? `Fixed at ${betaWords(fixed)}, in this part of the phase.` : 'Drag the handle while it trains, or use arrow keys.'}</span>
    </div>
  );
}

function Offer({ phase }: { phase: number }): ReactElement | null {
  const experiment = useExperiment((state) => state.experiment);
  const live = useRun((run) => run.source === 'live');
  const path = phasePath(experiment, phase, 'sparsity.decay');
  const knob = methodKnobs(experiment, phase)[path];
  if (knob?.kind !== 'choice' || !knob.options.includes('manual')) return null;
  return (
    <div className="decay-tools small">
      <button type="button" className="button" onClick={() => session.setKnob(path, 'manual', false)}>Turn by hand</button>
      <span className="muted">{live ? 'From the next start on.' : 'Beta then follows a handle on this chart.'}</span>
    </div>
  );
}
