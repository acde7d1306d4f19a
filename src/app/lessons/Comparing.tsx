import type { ReactElement } from 'react';
import { outcomeOf, rulingWords } from '../../engine/claims/words.ts';
import { queue, useComparing, type ComparisonResult } from '../compare/comparing.ts';
import { Verdict } from '../compare/ResultView.tsx';
import { useRun } from '../stores/run.ts';
import { look } from '../stores/view.ts';
import { formatPercent, plural } from '../text/numbers.ts';
import type { Lesson } from './lesson.ts';
import '../styles/compare.css';
import { PredictionBeside } from './OutcomeTable.tsx';
import { meanLead } from './outcome.ts';
import { compareLesson } from './progress.ts';

/** The comparison of a lesson: its button, how far the queue is, and what came out beside the prediction. */
export function Comparing({ lesson, prediction, compared }: { lesson: Lesson; prediction: number | 'skipped' | null; compared: ComparisonResult | null }): ReactElement {
  const { state, share } = useComparing((store) => store.news);
  const problem = useComparing((store) => store.problem);
  const canTrain = useRun((run) => run.canTrain);
  const words = `Compare over ${plural(lesson.compare.seeds, 'seed')}`;
  return (
    <>
      {state === 'idle' ? !compared && <button type="button" className="button primary" disabled={!canTrain} onClick={() => void compareLesson(lesson)}>{words}</button> : (
        <div className="lesson-row">
          <progress aria-label="Share of the comparison that is done" max={1} value={share} />
          <span>{formatPercent(share, 0)}</span>
          <button type="button" className="button" onClick={() => queue.cancel()}>Cancel</button>
        </div>
      )}
      {problem && <p role="alert" className="small">{problem} Runs that are over are kept.</p>}
      {compared && <Judged result={compared} />}
      {compared && <PredictionBeside prediction={prediction} lead={meanLead(lesson, compared)} words={`over ${plural(compared.judgement.seeds.length, 'seed')} it came to`} />}
      {(compared || state !== 'idle') && <button type="button" className="link-button" onClick={() => look({ sheet: 'compare', comparePane: 'methods' })}>All points and costs</button>}
    </>
  );
}

function Judged({ result: { compared, judgement } }: { result: ComparisonResult }): ReactElement {
  return (
    <ul className="lesson-verdicts">
      {judgement.parts.flatMap((part, p) => part.rulings.map((one) => (
        <li key={`${p}-${one.label}`}>
          <Verdict outcome={outcomeOf(part, one.ruling)} opposite={one.ruling.opposite} />{' '}
          <span>{compared.parts[p]!.comparison.kind === 'as good as' ? 'As good as' : 'Better'}: {rulingWords(compared, compared.parts[p]!.comparison.kind, one)}</span>
        </li>
      )))}
    </ul>
  );
}
