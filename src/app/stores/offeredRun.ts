import { create } from 'zustand';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import type { RunLog } from '../../engine/experiment/runLog.ts';

/** A run from a file that waits for the reader's word, because another one is under way. */
export interface OfferedRun {
  /** Name of the file. */
  file: string;
  log: RunLog;
  experiment: Experiment;
}

/** The store of the run that is offered; null where none is. */
export const useOfferedRun = create<{ offered: OfferedRun | null }>()(() => ({ offered: null }));
