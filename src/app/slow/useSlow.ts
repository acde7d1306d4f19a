import { useEffect, useRef, useState } from 'react';
import type { SlowUpdate } from '../../engine/experiment/events.ts';
import type { PanelProps } from '../panels/reading.ts';
import { session } from '../session/current.ts';
import { useExperiment, withChanges } from '../stores/experiment.ts';
import { useRun } from '../stores/run.ts';
import { useView } from '../stores/view.ts';
import { nextUpdate } from './nextUpdate.ts';

/** What slow motion shows, and what it can go on to. */
export interface Slow {
  /** The update that is shown; undefined while one is waited for, or where there is none. */
  update: SlowUpdate | undefined;
  /** An update was asked for that has not come yet. */
  waiting: boolean;
  /** The step of the next update of the run, or of a new one where this one is a recording; undefined where none can come. */
  next: number | undefined;
  /** Trains to the next update. */
  ask(): void;
}

/**
 * Asks for the next update when slow motion is opened on a run that can make one, and lets the run go on as before when it
 * is left. While an earlier step is looked at, the newest update in the log up to there is shown; of a recording, or else its
 * first: it comes, as the recording is played.
 */
export function useSlow({ log, cursor }: PanelProps): Slow {
  const run = useRun();
  const looksBack = useView((view) => view.cursor !== null);
  const { experiment, changed } = useExperiment();
  const [askedAt, setAskedAt] = useState<number | null>(null);
  const update = log.slowUpdates.findLast(({ step }) => step <= cursor) ?? (run.source === 'recording' ? log.slowUpdates[0] : undefined);
  const over = run.source === 'live' && (run.state === 'finished' || run.problem !== null);
  const next = over || (run.problem !== null && run.source !== 'recording') ? undefined : nextUpdate(withChanges(experiment, changed), log.layers, run.source === 'live' ? run.step : 0);
  const come = askedAt === null || (update !== undefined && update.step > askedAt);
  const waiting = !come && !over && run.problem === null;

  const ask = (): void => {
    setAskedAt(run.source === 'live' ? run.step : 0);
    session.slowUpdate();
  };
  const now = useRef({ waiting, wasTraining: run.source === 'live' && run.state === 'training' });
  now.current.waiting = waiting;
  useEffect(() => {
    if (next !== undefined && run.source !== 'recording' && !looksBack) ask();
    return () => leave(now.current);
    // Once, when it is opened and when it is left.
  }, []);
  return { update: come ? update : undefined, waiting, next, ask };
}

function leave({ waiting, wasTraining }: { waiting: boolean; wasTraining: boolean }): void {
  const { source, state } = useRun.getState();
  if (source !== 'live') return;
  if (waiting && state === 'training') session.toggle();
  if (wasTraining && useRun.getState().state === 'paused') session.toggle();
}
