import { useMemo, type ReactElement } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { CLAIMS } from '../../engine/claims/index.ts';
import { stepsOf } from '../../engine/claims/pace.ts';
import { datasetCard } from '../../engine/data/cards.ts';
import { stepTimeUpTo } from '../panels/reading.ts';
import { settled, useExperiment } from '../stores/experiment.ts';
import { useLog } from '../stores/log.ts';
import { useRun } from '../stores/run.ts';
import { formatCount, formatDuration, formatQuantity } from '../text/numbers.ts';
import { comparedNow, comparisonKey, queue, startComparing, useComparing, measure, type Asked } from './comparing.ts';
import { densityOf } from './comparison.ts';
import { ComparisonSetup } from './ComparisonSetup.tsx';
import { plannedFlops } from './equalFlops.ts';
import { expectedMs, networkKey, queuedRuns } from './queue.ts';
import { ResultView } from './ResultView.tsx';
import { TUNING_SEEDS } from './tuning.ts';

/** Compares methods, or what a claim says: what to compare, the queue of runs, and what came out. */
export function MethodsPanel(): ReactElement {
  // Not the news of the queue: they come with every step, and only its bar shows them.
  const state = useComparing(useShallow(({ claim, choice, claimSeeds, version, problem, result }) => ({ claim, choice, claimSeeds, version, problem, result })));
  const page = useExperiment();
  const experiment = useMemo(() => settled(page), [page]);
  const { claim: id, choice, claimSeeds, version } = state;
  const asked = useMemo(() => comparedNow({ claim: id, choice, claimSeeds }, experiment), [id, choice, claimSeeds, version, experiment]);
  const { compared } = asked;
  const claim = id === null ? undefined : CLAIMS[id];
  return (
    <div className="compare-pane methods-pane">
      <ComparisonSetup experiment={experiment} />
      <section className="comparison-queue" aria-label="Queue">
        {claim && <p className="muted">{claim.sentence} <a href={claim.paper.url} target="_blank" rel="noreferrer">{claim.paper.title}</a>, {claim.paper.year}.</p>}
        <ArmTable {...asked} />
        <TestSetNote set={compared.arms[0]?.experiment.data.set ?? ''} />
        <QueueBar {...asked} />
        {state.problem && <p role="alert" className="comparison-problem">{state.problem} Runs that are over are kept; Start goes on.</p>}
      </section>
      {state.result && state.result.claim === id && <ResultView result={state.result} claim={claim} stale={state.result.key !== comparisonKey(compared)} />}
    </div>
  );
}

function ArmTable({ compared, seeds }: Asked): ReactElement {
  const done = queue.done(compared, seeds);
  return (
    <div className="table-scroll">
      <table className="diagnostics arm-table">
        <caption className="visually-hidden">What is trained</caption>
        <thead><tr>{['Arm', 'Density', 'Steps', 'Training FLOPs', 'A run lasts', 'Done'].map((title) => <th key={title} scope="col">{title}</th>)}</tr></thead>
        <tbody>
          {compared.arms.map((arm) => {
            const rate = queue.rateOf(arm.experiment);
            const ms = expectedMs(arm, rate);
            return (
              <tr key={arm.id}>
                <th scope="row">{arm.title}</th>
                <td>{densityOf(arm.experiment)}</td>
                <td>{formatCount(stepsOf(arm))}</td>
                <td>{formatQuantity(plannedFlops(arm.experiment, rate?.denseFlops), 'FLOP')}</td>
                <td>{ms === undefined ? '–' : formatDuration(ms)}</td>
                <td>{done.filter((run) => run.arm === arm.id).length} of {seeds}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** Verdicts are told on the whole test set; where the page has only a part of it so far, that is more to load. */
function TestSetNote({ set }: { set: string }): ReactElement | null {
  const whole = set.endsWith('-10k') ? datasetCard(set.slice(0, -'-10k'.length)) : undefined;
  return whole ? <p className="small faint">Tested on all 10,000 test examples, in the last three evaluations alone; {formatQuantity(whole.downloadBytes, 'B')} are loaded for that, once.</p> : null;
}

function QueueBar(asked: Asked): ReactElement {
  const news = useComparing((state) => state.news);
  const canTrain = useRun((run) => run.canTrain);
  const { compared } = asked;
  const { state, current, share, leftMs } = news;
  if (state === 'idle') {
    return (
      <div className="queue-bar">
        <button type="button" className="button primary" disabled={!canTrain || compared.arms.length < 3} onClick={() => void startComparing()}>Start</button>
        <button type="button" className="button" disabled={!canTrain} onClick={() => void measure()}>Measure this device</button>
        <p><Estimate {...asked} /></p>
      </div>
    );
  }
  const words = state === 'measuring' ? `Measuring ${current?.arm.title ?? ''}` : `${state === 'paused' ? 'Paused at run' : 'Run'} ${current?.number ?? 0} of ${current?.of ?? 0}: ${current?.arm.title ?? ''}, seed ${current?.seed ?? 0}`;
  return (
    <div className="queue-bar">
      {state === 'running' && <button type="button" className="button" onClick={() => queue.pause()}>Pause</button>}
      {state === 'paused' && <button type="button" className="button primary" onClick={() => queue.resume()}>Go on</button>}
      <button type="button" className="button" onClick={() => queue.cancel()}>Cancel</button>
      <div className="queue-progress">
        <p>{words}{current && state !== 'measuring' ? `, step ${formatCount(current.step)}` : ''}{leftMs !== null && state !== 'measuring' ? `; about ${formatLeft(leftMs)} left` : ''}</p>
        <progress aria-label="Share of all steps that is done" max={1} {...(state === 'measuring' ? {} : { value: share })} />
      </div>
      <p className="visually-hidden" role="status">{current && state !== 'measuring' ? `${state === 'paused' ? 'Paused at run' : 'Run'} ${current.number} of ${current.of}` : 'Measuring'}</p>
    </div>
  );
}

/** How long the missing runs take: by measured rates, or by the run that the page shows. */
function Estimate({ compared, seeds, tuning }: Asked): ReactElement {
  const { log } = useLog();
  const done = [...(tuning ? queue.done(tuning, TUNING_SEEDS) : []), ...queue.done(compared, seeds)];
  const runs = [...(tuning ? queuedRuns(tuning, TUNING_SEEDS) : []), ...queuedRuns(compared, seeds)];
  const missing = runs.filter(({ arm, seed }) => !done.some((run) => run.arm === arm.id && run.seed === seed));
  const of = `${formatCount(missing.length)} ${missing.length === 1 ? 'run' : 'runs'}${done.length > 0 ? `, ${formatCount(done.length)} done already` : ''}`;
  const measured = missing.map(({ arm }) => expectedMs(arm, queue.rateOf(arm.experiment)));
  const sum = (times: readonly (number | undefined)[]): number => times.reduce<number>((total, ms) => total + (ms ?? 0), 0);
  if (missing.length === 0) return <>All runs are done: Start judges them.</>;
  if (measured.every((ms) => ms !== undefined)) {
    const rate = queue.rateOf(compared.arms[0]!.experiment)?.stepMs ?? Number.NaN;
    return <>{of}: about {formatLeft(sum(measured))}, by {formatDuration(rate)} a step of {compared.arms[0]!.title} measured on this device.</>;
  }
  const shown = stepTimeUpTo(log, log.step);
  const shownKey = log.experiment && networkKey(log.experiment);
  const alike = shown && log.runId !== 'preview' && missing.every(({ arm }) => networkKey(arm.experiment) === shownKey);
  if (!alike) return <>{of}. Measure this device to see how long they take.</>;
  const stepMs = shown.stepMs / Math.max(1, log.arms.length);
  return <>{of}: about {formatLeft(stepMs * missing.reduce((steps, { arm }) => steps + stepsOf(arm), 0))}, by {formatDuration(stepMs)} a step of the run on the page.</>;
}

/** A time that is only an estimate: `40 s`, `3 min`, `1 h 20 min`. */
function formatLeft(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
