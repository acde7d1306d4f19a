import type { Dataset } from '../data/dataset.ts';
import type { Gpu } from '../gpu/device.ts';
import type { TuningCache } from '../gpu/tuningCache.ts';
import type { CommandPort } from './commands.ts';
import type { Experiment } from './experiment.ts';
import type { createNetworks } from './network.ts';
import type { StorageDecision } from './storageChoice.ts';

/** What a run needs; everything comes in from outside, so that it is the same in the worker and in Node. */
export interface RunInput {
  gpu: Gpu;
  experiment: Experiment;
  dataset: Dataset;
  commands: CommandPort;
  /** Bytes of a checkpoint of the same experiment, to go on from. */
  checkpoint?: Uint8Array;
  /** Begin paused at the first step. */
  paused?: boolean;
  /** Tell the state as a checkpoint before the last word, also after a `stop`: the command line writes files from it. At the planned end tell weights and gradients, too. */
  saveAtEnd?: boolean;
  /** Remembers which variants are fastest on this device; the run begins with them. Absent: variants are measured anew. */
  tuning?: Promise<TuningCache | undefined> | TuningCache;
  /** False: stay with the first variants, and measure nothing. */
  tune?: boolean;
  /** Decides how layers are stored instead of measured times: tests switch where they want. */
  decideStorage?: (step: number) => StorageDecision | undefined;
  /** No evaluation before this step: a claim looks at the test set for its metric alone. */
  evaluateFrom?: number;
  /** Tell with each evaluation what the main network writes, where the data are a text. */
  writes?: boolean;
  /** Go on writing for those who ask after the planned end, until a `stop`; where the data are a text. */
  lingers?: boolean;
  /** Asked before anything is made, with what makes the networks: throws where the run is too large. */
  refuse?: (make: typeof createNetworks) => Promise<void>;
  /** Notes to pass on with `started`. */
  notes?: readonly string[];
}
