import type { Experiment } from '../engine/experiment/experiment.ts';
import type { RunCommand, RunEvent } from '../engine/experiment/events.ts';

/** Page to worker. Every command is tied to a run, so that a late one cannot reach the next run. */
export type ToWorker =
  | { type: 'start'; runId: string; experiment: Experiment; dataUrl: string; checkpoint?: Uint8Array; paused?: boolean; judged?: boolean }
  | { type: 'command'; runId: string; command: RunCommand };

/** Worker to page. */
export type FromWorker = { type: 'event'; event: RunEvent };
