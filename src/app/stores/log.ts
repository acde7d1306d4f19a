import { create } from 'zustand';
import type { Inspection, RunEvent } from '../../engine/experiment/events.ts';
import { append, createRunLog, type RunLog } from '../dev/contract.ts';

/** The log that the panels read. It grows in place, so that its version tells when to read again. */
export interface LogStore {
  log: RunLog;
  version: number;
  /** Newest values copied off the device, by `what/arm/layer`. */
  inspections: Readonly<Record<string, { step: number; inspection: Inspection }>>;
}

/** The store of the log. */
export const useLog = create<LogStore>()(() => ({ log: createRunLog(), version: 0, inspections: {} }));

/** Key of an inspection. */
export function inspectionKey(what: Inspection['what'], arm: string, layer = ''): string {
  return `${what}/${arm}/${layer}`;
}

/** Panels are told of new events at most this often. */
export const REFRESH_MS = 100;

let timer: ReturnType<typeof setTimeout> | null = null;
let last = 0;
let waiting: Record<string, { step: number; inspection: Inspection }> = {};

/** Appends an event; the panels hear of it within REFRESH_MS. */
export function record(event: RunEvent): void {
  append(useLog.getState().log, event);
  if (event.type === 'snapshot') {
    const { inspection } = event;
    waiting[inspectionKey(inspection.what, inspection.arm, inspection.what === 'weights' ? inspection.layer : '')] = event;
  }
  timer ??= setTimeout(publish, Math.max(0, REFRESH_MS - (performance.now() - last)));
}

/** Tells the panels now. */
export function publish(): void {
  if (timer !== null) clearTimeout(timer);
  timer = null;
  last = performance.now();
  const news = waiting;
  waiting = {};
  useLog.setState((state) => ({ version: state.version + 1, inspections: { ...state.inspections, ...news } }));
}

/** Puts another log before the panels. */
export function showLog(log: RunLog): void {
  waiting = {};
  useLog.setState((state) => ({ log, version: state.version + 1, inspections: {} }));
}
