import type { Experiment } from '../../engine/experiment/experiment.ts';
import { getPath } from '../../engine/experiment/paths.ts';
import type { RunLog } from '../../engine/experiment/runLog.ts';
import { meanOf } from '../../engine/claims/verdict.ts';
import type { ComparisonResult } from '../compare/comparing.ts';
import { sameValue } from '../controls/types.ts';
import { summarise } from '../panels/summary.ts';
import type { Lesson, LessonSetting } from './lesson.ts';

/** What a run of a lesson came to, as shares of the test set. */
export interface LessonOutcome {
  main: number;
  against: number;
  seed: number;
  steps: number;
}

/** The settings of a lesson, with its one thing changed where asked. */
export function settingsOf({ settings, change }: Pick<Lesson, 'settings' | 'change'>, changed: boolean): readonly LessonSetting[] {
  return changed ? [...settings.filter(([path]) => path !== change.path), [change.path, change.value]] : settings;
}

/** True for experiments of the lesson, as it begins or with its one thing changed. */
export function isOfLesson(lesson: Lesson, experiment: Experiment, changed: boolean): boolean {
  return experiment.preset === lesson.preset && settingsOf(lesson, changed).every(([path, value]) => {
    const own = getPath(experiment, path);
    return own !== undefined && sameValue(own, value);
  });
}

/** What the run of a log came to; null where it is not of the lesson, was edited while it ran, or is not finished. */
export function outcomeOf(lesson: Lesson, log: RunLog, changed: boolean): LessonOutcome | null {
  const { experiment, status, edits, totalSteps } = log;
  if (!experiment || status.state !== 'finished' || edits.length > 0 || !isOfLesson(lesson, experiment, changed)) return null;
  const { main, [lesson.ask.against]: against } = summarise(log, totalSteps).accuracy;
  return main && against ? { main: main.value, against: against.value, seed: experiment.seed, steps: totalSteps } : null;
}

/** The mean lead of the lesson's method over its control, by pairs of the same seed. */
export function meanLead({ compare, ask }: Pick<Lesson, 'compare' | 'ask'>, { runs, judgement }: Pick<ComparisonResult, 'runs' | 'judgement'>): number {
  const valueAt = (arm: string | undefined, seed: number): number => runs.find((run) => run.arm === arm && run.seed === seed)?.value ?? Number.NaN;
  return meanOf(judgement.seeds.map((seed) => valueAt(compare.methods[0], seed) - valueAt(ask.against, seed)));
}
