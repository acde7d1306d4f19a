import { lazy, Suspense, type ReactElement } from 'react';
import { session } from '../session/current.ts';
import { needsReset, useExperiment } from '../stores/experiment.ts';
import { chipWords, isBusy, useRun } from '../stores/run.ts';
import { look, useView } from '../stores/view.ts';
import { formatCount, formatStep } from '../text/numbers.ts';
import { PauseIcon, PlayIcon, ResetIcon, SeedIcon, StepIcon } from './icons.tsx';
import { Scrubber } from './Scrubber.tsx';

const LookedBack = lazy(async () => ({ default: (await import('./LookBack.tsx')).LookBack }));
const PlaybackSpeed = lazy(async () => ({ default: (await import('./PlaybackSpeed.tsx')).PlaybackSpeed }));

/** Play or Pause, whichever is possible now. */
export function PlayButton({ className }: { className: string }): ReactElement {
  const busy = useRun((run) => isBusy(run.state));
  const impossible = useRun((run) => run.problem !== null && run.source !== 'recording');
  return (
    <button type="button" className={`button primary ${className}`} disabled={impossible} aria-label={busy ? 'Pause' : 'Play'} title={`${busy ? 'Pause' : 'Play'} (space)`} onClick={() => session.toggle()}>
      {busy ? <PauseIcon /> : <PlayIcon />}
    </button>
  );
}

/** Back to the same initial weights, with the settings as they stand. */
export function ResetButton(): ReactElement {
  return <button type="button" className="button icon" aria-label="Reset" title="Reset to the same start (R)" onClick={() => session.reset()}><ResetIcon /></button>;
}

/** One step; pauses first. */
export function StepButton(): ReactElement {
  const impossible = useRun((run) => run.state === 'finished' || (run.problem !== null && run.source !== 'recording'));
  return <button type="button" className="button icon" aria-label="Step" title="One step (S)" disabled={impossible} onClick={() => session.step()}><StepIcon /></button>;
}

/** The next mask update, frame by frame. */
export function SlowButton(): ReactElement {
  return <button type="button" className="button" title="The next mask update, frame by frame" onClick={() => look({ sheet: 'slow' })}>Slow motion</button>;
}

/** Other initial weights, masks and batch order. */
export function SeedButton(): ReactElement {
  const seed = useExperiment((state) => state.experiment.seed);
  return <button type="button" className="button" title={`Other initial weights, random masks and batches; now seed ${seed} (N)`} onClick={() => session.newSeed()}><SeedIcon />New seed</button>;
}

/** The step looked at and the planned end, in figures of constant width. */
export function Counter(): ReactElement {
  const step = useRun((run) => run.step);
  const total = useRun((run) => run.totalSteps);
  return <output className="counter" aria-label={`Step ${step} of ${total}`}>{formatStep(step, total)}<span className="faint"> / {formatCount(total)}</span></output>;
}

/** Paced to be watched, or as fast as the device goes; recordings have a range of speeds. */
export function SpeedChoice(): ReactElement {
  const speed = useRun((run) => run.speed);
  const recorded = useRun((run) => run.source === 'recording');
  if (recorded) return <Suspense fallback={null}><PlaybackSpeed /></Suspense>;
  return (
    <select className="select speed" aria-label="Speed" value={speed} onChange={(event) => session.setSpeed(event.target.value)}>
      <option value="slow">Slow</option>
      <option value="paced">Paced</option>
      <option value="fastest">Fastest</option>
    </select>
  );
}

/** What the page is doing, and on which adapter. */
export function StateChip(): ReactElement {
  const words = useRun(chipWords);
  const state = useRun((run) => run.state);
  const recorded = useRun((run) => run.source === 'recording');
  const dot = recorded ? 'recorded' : state === 'training' ? 'live' : state === 'failed' || state === 'diverged' ? 'wrong' : '';
  return <span className="chip state-chip" title={words}><span className={`dot ${dot}`} aria-hidden="true" /><span>{words}</span></span>;
}

/** Says that an earlier step is looked at, and what can be done from there. */
export function LookBack(): ReactElement {
  return <Suspense fallback={null}><LookedBack /></Suspense>;
}

/** Says that what is edited is not what runs. */
export function ResetHint(): ReactElement | null {
  const needed = useExperiment(needsReset);
  return needed ? <button type="button" className="link-button reset-hint" onClick={() => session.reset()}>New changes: Reset to apply</button> : null;
}

/** The bar under the header, always visible on wide screens. */
export function PlayBar(): ReactElement {
  const batch = useExperiment((state) => state.experiment.data.batch);
  const looksBack = useView((view) => view.cursor !== null);
  return (
    <section className="play-bar" aria-label="Run">
      <div className="play-buttons"><ResetButton /><PlayButton className="round" /><StepButton /></div>
      <SeedButton />
      <SlowButton />
      <div className="counter-box"><Counter /><ResetHintOrUnit batch={batch} /></div>
      <div className="play-state">{looksBack ? <LookBack /> : <><SpeedChoice /><StateChip /></>}</div>
      <Scrubber />
    </section>
  );
}

function ResetHintOrUnit({ batch }: { batch: number }): ReactElement {
  const needed = useExperiment(needsReset);
  return needed ? <ResetHint /> : <span className="small faint">1 step = 1 batch of {batch}</span>;
}

/** The bar at the bottom of narrow screens. */
export function BottomBar(): ReactElement {
  return (
    <section className="bottom-bar" aria-label="Run">
      <Scrubber />
      <div className="bottom-row">
        <Counter />
        <ResetButton />
        <StepButton />
        <PlayButton className="wide" />
      </div>
    </section>
  );
}
