import type { RunLog } from '../../engine/experiment/runLog.ts';
import { updateSteps } from '../panels/reading.ts';
import { showLog } from '../stores/log.ts';
import { AS_DRAWN, usePlayback } from '../stores/playback.ts';
import { paceOf, useRun } from '../stores/run.ts';

/** A recorded run that is played like a live one; the panels read the same kind of log. */
export interface Replay {
  play(): void;
  toggle(): void;
  step(): void;
  rewind(): void;
  stop(): void;
}

/** Frames of a screen; tests put their own in its place. */
export interface Frames {
  /** Calls back before the next picture, with the time in milliseconds. */
  next(act: (now: number) => void): number;
  cancel(frame: number): void;
}

/** A page that was out of sight goes on where it was, as if so much time had passed. */
const MOST_FRAME_MS = 250;
/** Pictures of a whole run that is played as fast as it is drawn, where its masks do not ask for more. */
const PICTURES = 120;

const screen: Frames = { next: (act) => requestAnimationFrame(act), cancel: (frame) => cancelAnimationFrame(frame) };

/** Shows the first step of a recorded log and plays it when told. */
export function createReplay(log: RunLog, frames = screen): Replay {
  // A run that was saved before its end is played as far as it came.
  const total = log.step;
  const updates = updateSteps(log);
  let frame: number | null = null;
  let position = 0;

  const show = (state: 'training' | 'paused' | 'finished'): void => {
    const step = Math.floor(position);
    const run = useRun.getState();
    if (run.state !== state || run.step !== step) useRun.setState({ state, step });
  };
  const halt = (): void => {
    if (frame !== null) frames.cancel(frame);
    frame = null;
  };
  const reach = (to: number): void => {
    position = Math.min(total, to);
    if (position >= total) halt();
    show(position >= total ? 'finished' : frame === null ? 'paused' : 'training');
  };
  /** Where the next picture is, `ms` after the last. */
  const next = (ms: number): number => {
    const { octave } = usePlayback.getState();
    if (octave !== AS_DRAWN) return position + (paceOf('paced', log.totalSteps) * 2 ** octave * ms) / 1000;
    const stride = Math.floor(position) + Math.max(1, Math.ceil(total / PICTURES));
    return Math.min(stride, updates.find((step) => step > position) ?? stride);
  };
  const run = (before: number | null): void => {
    frame = frames.next((now) => {
      run(now);
      reach(next(before === null ? 0 : Math.min(MOST_FRAME_MS, now - before)));
    });
  };

  showLog(log);
  useRun.setState({ source: 'recording', totalSteps: log.totalSteps, step: 0, state: 'paused', compiling: null });

  const replay: Replay = {
    play() {
      if (position >= total) position = 0;
      halt();
      run(null);
      show('training');
    },
    toggle() {
      if (frame === null) return replay.play();
      halt();
      show('paused');
    },
    step() {
      halt();
      reach(position + 1);
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
