import type { Experiment } from '../engine/experiment/experiment.ts';
import type { RunCommand, RunEvent } from '../engine/experiment/events.ts';

/** Where a run leaves the one that it branches off: it is brought there as fast as the device goes, and then does as it is told. */
export interface BranchPoint {
  step: number;
  /** All until there is known already: it is not told again. */
  silent: boolean;
}

/** Page to worker. Every command is tied to a run, so that a late one cannot reach the next run. */
export type ToWorker =
  | { type: 'start'; runId: string; experiment: Experiment; dataUrl: string; checkpoint?: Uint8Array; branch?: BranchPoint; paused?: boolean; judged?: boolean }
  | { type: 'command'; runId: string; command: RunCommand };

/** Worker to page. */
export type FromWorker = { type: 'event'; event: RunEvent };
