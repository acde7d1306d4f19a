import { lazy, Suspense, type ReactElement, type ReactNode } from 'react';
import { decodeLink } from '../../engine/experiment/link.ts';
import { session } from '../session/current.ts';
import { REMEDY_WORDS } from '../session/problems.ts';
import { NO_NOTES, presetOf, useExperiment } from '../stores/experiment.ts';
import { useRun } from '../stores/run.ts';
import { formatCount } from '../text/numbers.ts';
import './notices.css';
import { OfferedRunNotice } from './OfferedRunNotice.tsx';

const Reproduction = lazy(async () => ({ default: (await import('../reproduce/Reproduction.tsx')).Reproduction }));

function Notice({ kind, children }: { kind: 'wrong' | 'plain'; children: ReactNode }): ReactElement {
  return <div className={`notice ${kind}`} role={kind === 'wrong' ? 'alert' : undefined}>{children}</div>;
}

const titleOf = (link: string): string => presetOf(decodeLink(link).experiment).title;

/**
 * What needs a word: a problem, a recording, or a link that was put right. One sentence and one action each.
 * @param expects whether expected numbers are told here; a figure has a smaller place for them
 */
export function Notices({ expects = true }: { expects?: boolean }): ReactElement {
  const { problem, source, canTrain, recoveredFrom, kept, last } = useRun();
  const notes = useExperiment((state) => state.notes);
  const expected = useExperiment((state) => state.expected);
  return (
    <div className="notices">
      <OfferedRunNotice />
      {problem && (
        <Notice kind="wrong">
          <p>{problem.sentence}{source === 'recording' ? ' What plays below is a recording of a run made elsewhere.' : ''}</p>
          {problem.action !== null && (problem.action !== 'recording' || source !== 'recording') && <button type="button" className="button" onClick={() => void session.remedy()}>{REMEDY_WORDS[problem.action]}</button>}
        </Notice>
      )}
      {source === 'recording' && !problem && (
        <Notice kind="plain">
          <p><strong>Recording.</strong> {canTrain ? 'A run made earlier, played here; nothing is computed on this device yet.' : 'A run made earlier, played here.'}</p>
          {canTrain && <button type="button" className="button primary" onClick={() => session.trainLive()}>Train live</button>}
        </Notice>
      )}
      {kept && !problem && (
        <Notice kind="plain">
          <p>This run was cut off; its state at step {formatCount(kept.step)} is kept.</p>
          <button type="button" className="button" onClick={() => session.trainLive()}>Go on from there</button>
        </Notice>
      )}
      {last && !kept && source !== 'live' && (
        <Notice kind="plain">
          <p>Your last run, {titleOf(last.link)}, stopped at step {formatCount(last.step)}.</p>
          <button type="button" className="button" onClick={() => (location.hash = last.link)}>Open it</button>
          <button type="button" className="button" onClick={() => useRun.setState({ last: null })}>Dismiss</button>
        </Notice>
      )}
      {recoveredFrom !== null && !problem && (
        <Notice kind="plain">
          <p>The GPU was lost and came back: the run was taken up again {recoveredFrom > 0 ? `from its state at step ${formatCount(recoveredFrom)}` : 'from its beginning'}, and nothing is missing.</p>
          <button type="button" className="button" onClick={() => useRun.setState({ recoveredFrom: null })}>Dismiss</button>
        </Notice>
      )}
      {expects && expected && <Suspense fallback={null}><Notice kind="plain"><Reproduction expected={expected} /></Notice></Suspense>}
      {notes.lines.length > 0 && (
        <Notice kind="plain">
          <p>{notes.from === 'file' ? '' : notes.from === 'link' ? 'The link was put right: ' : 'Adjusted: '}{notes.lines.join('; ')}.</p>
          <button type="button" className="button" onClick={() => useExperiment.setState({ notes: NO_NOTES })}>Dismiss</button>
        </Notice>
      )}
    </div>
  );
}
