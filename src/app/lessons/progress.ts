import { create } from 'zustand';
import { comparedNow, comparisonKey, experimentNow, startComparing, useComparing, type ComparisonResult } from '../compare/comparing.ts';
import { session } from '../session/current.ts';
import { useExperiment } from '../stores/experiment.ts';
import { useLog } from '../stores/log.ts';
import { useRun } from '../stores/run.ts';
import type { Lesson } from './lesson.ts';
import { isOfLesson, outcomeOf, settingsOf, type LessonOutcome } from './outcome.ts';

/** How far the reader is in a lesson. */
export interface Progress {
  /** Points; null before the reader answered. */
  prediction: number | 'skipped' | null;
  /** The run that stood on the page when the reader answered: its end was known. */
  known: string | undefined;
  outcome: LessonOutcome | null;
  compared: ComparisonResult | null;
  changed: LessonOutcome | null;
}

/** A lesson not begun. */
const BEGINNING: Progress = { prediction: null, known: undefined, outcome: null, compared: null, changed: null };

/** Progress by lesson, as long as the page is open. */
export const useProgress = create<Readonly<Record<string, Progress>>>()(() => ({}));

/** How far the reader is in the lesson. */
export function progressIn(lessons: Readonly<Record<string, Progress>>, id: string): Progress {
  return lessons[id] ?? BEGINNING;
}

function note(id: string, change: Partial<Progress>): void {
  useProgress.setState((lessons) => ({ [id]: { ...progressIn(lessons, id), ...change } }));
}

/** Takes the reader's prediction. A run that is over by then is not what was predicted. */
export function predict({ id }: Lesson, prediction: number | 'skipped'): void {
  note(id, { prediction, known: useLog.getState().log.runId });
}

/** Begins the lesson anew. */
export function forget({ id }: Lesson): void {
  note(id, BEGINNING);
}

/** Takes down what the page's run came to, where it is one of the lesson. */
export function noteOutcome(lesson: Lesson): void {
  const { log } = useLog.getState();
  const { prediction, known } = progressIn(useProgress.getState(), lesson.id);
  if (prediction === null || log.runId === known) return;
  const outcome = outcomeOf(lesson, log, false);
  if (outcome) note(lesson.id, { outcome });
  const changed = outcomeOf(lesson, log, true);
  if (changed) note(lesson.id, { changed });
}

/** Brings the page to the lesson's experiment, through the same doors as the reader's own hand; what else was set stays. */
function putUp(lesson: Lesson, changed: boolean): void {
  session.reset();
  if (useExperiment.getState().experiment.preset !== lesson.preset) session.choosePreset(lesson.preset);
  for (const [path, value] of settingsOf(lesson, changed)) session.setKnob(path, value, false);
}

/** Trains the lesson's experiment on the page. */
export function runLesson(lesson: Lesson, changed: boolean): void {
  putUp(lesson, changed);
  if (!useRun.getState().problem) session.trainLive();
}

/** Trains what the lesson compares, by the queue of the Compare sheet; the sheet shows the same comparison. */
export async function compareLesson(lesson: Lesson): Promise<void> {
  if (!isOfLesson(lesson, experimentNow(), false)) putUp(lesson, false);
  useComparing.setState({ claim: null, choice: lesson.compare });
  const key = comparisonKey(comparedNow({ claim: null, choice: lesson.compare, claimSeeds: null }, experimentNow()).compared);
  await startComparing();
  const { result, problem } = useComparing.getState();
  if (result && !problem && result.key === key) note(lesson.id, { compared: result });
}
