import type { Experiment } from '../../engine/experiment/experiment.ts';
import { encodeLink } from '../../engine/experiment/link.ts';
import type { RunLog } from '../../engine/experiment/runLog.ts';
import { adapterName } from '../stores/run.ts';

/** Where a figure comes from: what stands in small print under it. */
export interface Origin {
  /** Address of the experiment, with the edits made while it ran. */
  link: string;
  /** What ran, for how many steps, on which adapter. */
  words: string;
}

/** The experiment of a log with the edits that were made while it ran. */
export function experimentOf(log: RunLog): Experiment | undefined {
  return log.experiment && { ...log.experiment, edits: [...log.edits] };
}

/** Where the figures of a log come from. @param page address of the page, without its link */
export function originOf(log: RunLog, page: string): Origin {
  const experiment = experimentOf(log);
  const on = log.adapter ? adapterName(log.adapter) : 'adapter not recorded';
  return {
    link: experiment ? new URL(encodeLink(experiment), page).href : page,
    words: experiment ? `Sparseland, ${experiment.preset}, seed ${experiment.seed}, step ${log.step} of ${log.totalSteps}, ${on}` : `Sparseland, ${on}`,
  };
}

/** A long text in lines of at most `most` characters: a link has no spaces to break at. */
export function lines(text: string, most: number): string[] {
  return Array.from({ length: Math.max(1, Math.ceil(text.length / most)) }, (_, i) => text.slice(i * most, (i + 1) * most));
}
