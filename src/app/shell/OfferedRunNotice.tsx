import { useEffect, useRef, type ReactElement } from 'react';
import { session } from '../session/current.ts';
import { answerOffer } from '../session/runFiles.ts';
import { presetOf } from '../stores/experiment.ts';
import { useOfferedRun } from '../stores/offeredRun.ts';
import { useRun } from '../stores/run.ts';
import { formatCount, plural } from '../text/numbers.ts';
import './offeredRun.css';

/** Asks whether a run from a file may take the place of the run under way, which goes on meanwhile. */
export function OfferedRunNotice(): ReactElement | null {
  const offered = useOfferedRun((store) => store.offered);
  const step = useRun((run) => run.step);
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => keep.current?.focus(), [offered]);
  if (!offered) return null;
  const { file, log, experiment } = offered;
  return (
    <div className="notice plain offered-run" role="alertdialog" aria-label="Open the run from the file?" onKeyDown={(event) => event.key === 'Escape' && void answerOffer(false, session)}>
      <p><strong>{file}</strong> holds a run of {presetOf(experiment).title}, {plural(log.step, 'step')}. The run here is under way, at step {formatCount(step)}: opening the file ends it there and keeps it in Compare.</p>
      <span className="notice-choice">
        <button ref={keep} type="button" className="button" onClick={() => void answerOffer(false, session)}>Keep the run</button>
        <button type="button" className="button" onClick={() => void answerOffer(true, session)}>Open the file</button>
      </span>
    </div>
  );
}
