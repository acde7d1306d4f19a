import type { ReactElement, ReactNode } from 'react';
import { session } from '../session/current.ts';
import { REMEDY_WORDS } from '../session/problems.ts';
import { NO_NOTES, useExperiment } from '../stores/experiment.ts';
import { useRun } from '../stores/run.ts';

function Notice({ kind, children }: { kind: 'wrong' | 'plain'; children: ReactNode }): ReactElement {
  return <div className={`notice ${kind}`} role={kind === 'wrong' ? 'alert' : undefined}>{children}</div>;
}

/** What needs a word: a problem, a recording, or a link that was put right. One sentence and one action each. */
export function Notices(): ReactElement {
  const { problem, source, canTrain } = useRun();
  const notes = useExperiment((state) => state.notes);
  return (
    <div className="notices">
      {problem && (
        <Notice kind="wrong">
          <p>{problem.sentence}{source === 'recording' ? ' What plays below is a recording of a run made elsewhere.' : ''}</p>
          {(problem.action !== 'recording' || source !== 'recording') && <button type="button" className="button" onClick={() => session.remedy()}>{REMEDY_WORDS[problem.action]}</button>}
        </Notice>
      )}
      {source === 'recording' && !problem && (
        <Notice kind="plain">
          <p><strong>Recording.</strong> {canTrain ? 'A run made earlier, played here; nothing is computed on this device yet.' : 'A run made earlier, played here.'}</p>
          {canTrain && <button type="button" className="button primary" onClick={() => session.trainLive()}>Train live</button>}
        </Notice>
      )}
      {notes.lines.length > 0 && (
        <Notice kind="plain">
          <p>{notes.from === 'link' ? 'The link was put right' : 'Adjusted'}: {notes.lines.join('; ')}.</p>
          <button type="button" className="button" onClick={() => useExperiment.setState({ notes: NO_NOTES })}>Dismiss</button>
        </Notice>
      )}
    </div>
  );
}
