import type { ReactElement } from 'react';
import { session } from '../session/current.ts';
import { useRun } from '../stores/run.ts';
import { look, useView } from '../stores/view.ts';
import { formatCount } from '../text/numbers.ts';

/** Says that an earlier step is looked at, with the way back, and a new run from there where this browser can train; nothing while the newest is shown. */
export function LookBack(): ReactElement | null {
  const cursor = useView((view) => view.cursor);
  const step = useRun((run) => run.step);
  const total = useRun((run) => run.totalSteps);
  const canTrain = useRun((run) => run.canTrain);
  const recorded = useRun((run) => run.source === 'recording');
  if (cursor === null) return null;
  return (
    <span className="look-back">
      <span className="small">Viewing step {formatCount(cursor)}, {recorded ? 'the recording' : 'live'} is at {formatCount(step)}</span>
      <button type="button" className="button" onClick={() => look({ cursor: null })}>{recorded ? 'Return' : 'Return to live'}</button>
      {canTrain && cursor < total && <button type="button" className="button" title="A new run from this step on, with the live settings as they stand (B)" onClick={() => void session.branch()}>Branch from here</button>}
    </span>
  );
}
