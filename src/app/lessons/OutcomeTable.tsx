import type { ReactElement } from 'react';
import { formatPercent, formatPoints } from '../text/numbers.ts';
import type { Lesson } from './lesson.ts';
import type { LessonOutcome } from './outcome.ts';

/** What runs came to, and how far the prediction was from the first of them. */
export function OutcomeTable({ lesson: { ask }, prediction, outcomes }: {
  lesson: Lesson; prediction: number | 'skipped' | null; outcomes: readonly { title: string; outcome: LessonOutcome }[];
}): ReactElement {
  const [first] = outcomes;
  return (
    <>
      <table className="diagnostics lesson-outcome">
        <caption className="visually-hidden">Accuracy on the test set</caption>
        <thead><tr>{['Run', ask.names.main, ask.names.against, 'Lead'].map((title) => <th key={title} scope="col">{title}</th>)}</tr></thead>
        <tbody>
          {outcomes.map(({ title, outcome: { main, against } }) => (
            <tr key={title}><th scope="row">{title}</th><td>{formatPercent(main)}</td><td>{formatPercent(against)}</td><td>{formatPoints(main - against)}</td></tr>
          ))}
        </tbody>
      </table>
      {first && <PredictionBeside prediction={prediction} lead={first.outcome.main - first.outcome.against} words="it came to" />}
    </>
  );
}

/** The prediction beside a lead that came out; nothing where there was none. */
export function PredictionBeside({ prediction, lead, words }: { prediction: number | 'skipped' | null; lead: number; words: string }): ReactElement | null {
  if (typeof prediction !== 'number') return null;
  const off = Math.abs(100 * lead - prediction);
  return <p className="lesson-said">You predicted {formatPoints(prediction / 100)}; {words} <b>{formatPoints(lead)}</b>: {off.toFixed(1)} points off.</p>;
}
