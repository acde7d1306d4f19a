import type { RunLog } from '../../engine/experiment/runLog.ts';
import { showLog } from '../stores/log.ts';
import { paceOf, useRun } from '../stores/run.ts';

/** A recorded run that is played like a live one; the panels read the same kind of log. */
export interface Replay {
  play(): void;
  toggle(): void;
  step(): void;
  rewind(): void;
  stop(): void;
}

const TICK_MS = 100;
const FASTEST_STEPS_PER_SECOND = 1000;

/** Shows the first step of a recorded log and plays it when told. */
export function createReplay(log: RunLog): Replay {
  // A run that was saved before its end is played as far as it came.
  const total = log.step;
  let timer: ReturnType<typeof setInterval> | null = null;
  let position = 0;

  const show = (state: 'training' | 'paused' | 'finished'): void => useRun.setState({ state, step: Math.floor(position) });
  const halt = (): void => {
    if (timer !== null) clearInterval(timer);
    timer = null;
  };
  const advance = (steps: number): void => {
    position = Math.min(total, position + steps);
    if (position >= total) halt();
    show(position >= total ? 'finished' : timer === null ? 'paused' : 'training');
  };

  showLog(log);
  useRun.setState({ source: 'recording', totalSteps: log.totalSteps, step: 0, state: 'paused', compiling: null });

  const replay: Replay = {
    play() {
      if (position >= total) position = 0;
      halt();
      timer = setInterval(() => {
        const pace = paceOf(useRun.getState().speed, log.totalSteps) || FASTEST_STEPS_PER_SECOND;
        advance((pace * TICK_MS) / 1000);
      }, TICK_MS);
      show('training');
    },
    toggle() {
      if (timer === null) return replay.play();
      halt();
      show('paused');
    },
    step() {
      halt();
      advance(1);
    },
    rewind() {
      halt();
      position = 0;
      show('paused');
    },
    stop: halt,
  };
  return replay;
}
