import { isOver, type RunLog } from '../../engine/experiment/runLog.ts';
import { useLog } from '../stores/log.ts';
import { useRun } from '../stores/run.ts';
import { keepRun } from './pastRuns.ts';

/** Logs that a run of this device is writing or has written; a recording that is played is none. */
const live = new WeakSet<RunLog>();
const kept = new WeakSet<RunLog>();

function follow(): void {
  const { log } = useLog.getState();
  if (useRun.getState().source !== 'live') return;
  live.add(log);
  if (isOver(log.status)) keep(log);
}

function keep(log: RunLog): void {
  // A branch that was given up before it became a run of its own has nothing to compare.
  const own = log.runId !== undefined && log.step > 0 && log.step !== log.branch?.step;
  if (!live.has(log) || kept.has(log) || !log.experiment || !own) return;
  kept.add(log);
  keepRun(log);
}

let collecting = false;

/** Keeps every run of this page from now on: as it ends, or where another log takes its place before that. */
export function collectRuns(): void {
  if (collecting) return;
  collecting = true;
  follow();
  useLog.subscribe((now, before) => {
    if (now.log !== before.log) keep(before.log);
    follow();
  });
}
