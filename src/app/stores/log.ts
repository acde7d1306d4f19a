import { create } from 'zustand';
import type { RunEvent } from '../../engine/experiment/events.ts';
import { append, createRunLog, type RunLog } from '../../engine/experiment/runLog.ts';

/** The log that the panels read. It grows in place, so that its version tells when to read again. */
export interface LogStore {
  log: RunLog;
  version: number;
}

/** The store of the log. */
export const useLog = create<LogStore>()(() => ({ log: createRunLog(), version: 0 }));

/** Panels are told of new events at most this often. */
export const REFRESH_MS = 100;

let timer: ReturnType<typeof setTimeout> | null = null;
let last = 0;

/** Appends an event; the panels hear of it within REFRESH_MS. */
export function record(event: RunEvent): void {
  append(useLog.getState().log, event);
  timer ??= setTimeout(publish, Math.max(0, REFRESH_MS - (performance.now() - last)));
}

/** Tells the panels now. */
export function publish(): void {
  if (timer !== null) clearTimeout(timer);
  timer = null;
  last = performance.now();
  useLog.setState((state) => ({ version: state.version + 1 }));
}

/** Puts another log before the panels. */
export function showLog(log: RunLog): void {
  useLog.setState((state) => ({ log, version: state.version + 1 }));
}
