import { useEffect, useId, useState, type ReactElement, type ReactNode } from 'react';
import { Guess } from '../controls/Guess.tsx';
import { useLog } from '../stores/log.ts';
import { isBusy, useRun } from '../stores/run.ts';
import { formatPoints, plural } from '../text/numbers.ts';
import { Comparing } from './Comparing.tsx';
import { LESSONS } from './index.ts';
import './lessons.css';
import { partsOf, type Lesson, type Part } from './lesson.ts';
import { Markdown } from './Markdown.tsx';
import { OutcomeTable } from './OutcomeTable.tsx';
import { forget, noteOutcome, predict, progressIn, runLesson, useProgress } from './progress.ts';

/** The lesson beside the page: its text, and buttons that move the page's own experiment. */
export function LessonPane(): ReactElement {
  const [id, setId] = useState(LESSONS[0].id);
  const lesson = LESSONS.find((one) => one.id === id) ?? LESSONS[0];
  return (
    <section className="panel lesson" aria-label="Lesson">
      {LESSONS.length > 1 && (
        <select className="select" aria-label="Which lesson" value={lesson.id} onChange={(event) => setId(event.target.value)}>
          {LESSONS.map((one) => <option key={one.id} value={one.id}>{one.title}</option>)}
        </select>
      )}
      <h2>{lesson.title}</h2>
      <Steps key={lesson.id} lesson={lesson} />
    </section>
  );
}

/** The parts that the reader has reached; the explanation comes only after the run. */
function Steps({ lesson }: { lesson: Lesson }): ReactElement {
  const { prediction, outcome, compared, changed } = useProgress((lessons) => progressIn(lessons, lesson.id));
  useOutcomes(lesson);
  const texts = partsOf(lesson);
  const { ask, change } = lesson;
  const predicted = prediction !== null;
  return (
    <ol className="lesson-parts">
      <PartOf part="Predict" text={texts.Predict} done={predicted}>
        {predicted ? <p className="lesson-said">{prediction === 'skipped' ? 'No prediction.' : <>You predicted <b>{signed(prediction)}</b>.</>}</p> : (
          <Guess
            id="lesson" question={ask.question} min={ask.min} max={ask.max} start={0} words={signed}
            onGuess={(points) => predict(lesson, points)} onSkip={() => predict(lesson, 'skipped')}
          />
        )}
      </PartOf>
      {predicted && (
        <PartOf part="Run" text={texts.Run} done={outcome !== null}>
          <RunButton lesson={lesson} changed={false} words={outcome ? 'Run again' : 'Run'} primary={!outcome} />
          {outcome && <OutcomeTable lesson={lesson} prediction={prediction} outcomes={[{ title: `Seed ${outcome.seed}, ${plural(outcome.steps, 'step')}`, outcome }]} />}
        </PartOf>
      )}
      {outcome && <PartOf part="Compare" text={texts.Compare} done={compared !== null}><Comparing lesson={lesson} prediction={prediction} compared={compared} /></PartOf>}
      {outcome && <PartOf part="Explain" text={texts.Explain} done />}
      {outcome && (
        <PartOf part="Change one thing" text={texts['Change one thing']} done={changed !== null}>
          <RunButton lesson={lesson} changed words={change.words} primary={false} />
          {changed && <OutcomeTable lesson={lesson} prediction={null} outcomes={[{ title: 'Before', outcome }, { title: 'Changed', outcome: changed }]} />}
        </PartOf>
      )}
      {predicted && <li><button type="button" className="link-button" onClick={() => forget(lesson)}>Begin the lesson again</button></li>}
    </ol>
  );
}

const signed = (points: number): string => `${formatPoints(points / 100).replace('.0', '')} ${Math.abs(points) === 1 ? 'point' : 'points'}`;

function PartOf({ part, text, done, children }: { part: Part; text: string; done: boolean; children?: ReactNode }): ReactElement {
  const heading = useId();
  return (
    <li className={done ? 'lesson-done' : ''} aria-labelledby={heading}>
      <h3 id={heading}>{part}</h3>
      <Markdown source={text} />
      {children}
    </li>
  );
}

/** Starts the lesson's run on the page; while one is under way, the play bar has the word. */
function RunButton({ lesson, changed, words, primary }: { lesson: Lesson; changed: boolean; words: string; primary: boolean }): ReactElement {
  const canTrain = useRun((run) => run.canTrain);
  const busy = useRun((run) => run.source === 'live' && isBusy(run.state));
  return (
    <>
      <button type="button" className={`button ${primary ? 'primary' : ''}`} disabled={!canTrain || busy} onClick={() => runLesson(lesson, changed)}>{words}</button>
      {!canTrain && <p className="small faint">This browser cannot train: the run needs WebGPU.</p>}
    </>
  );
}

/** Takes down each run of the lesson as soon as it is over. */
function useOutcomes(lesson: Lesson): void {
  const finished = useRun((run) => run.state === 'finished');
  const version = useLog((store) => store.version);
  useEffect(() => {
    if (finished) noteOutcome(lesson);
  }, [finished, version, lesson]);
}
