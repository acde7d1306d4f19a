import { cutLog } from '../../engine/experiment/cutLog.ts';
import type { RunEvent } from '../../engine/experiment/events.ts';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import { createRunLog, type RunLog } from '../../engine/experiment/runLog.ts';
import type { BranchPoint } from '../../worker/protocol.ts';
import { keepRun } from '../compare/pastRuns.ts';
import { settingsAt, useBranch } from '../stores/branch.ts';
import { livePath, useExperiment, withEdit } from '../stores/experiment.ts';
import { record, showLog, useLog } from '../stores/log.ts';
import { useRun } from '../stores/run.ts';
import { useView } from '../stores/view.ts';

/** A branch that is about to begin. */
export interface BranchStart {
  /** The settings of the run that it leaves, its edits until there, and what the reader changed since. */
  experiment: Experiment;
  point: BranchPoint;
  /** Shows what is known of it, while it is made ready. */
  show(): void;
  /** Takes the beginning of the run into the log that is shown from then on. */
  open(event: Extract<RunEvent, { type: 'started' }>): void;
}

/** A branch from the step looked at; null where none is, or where no run that is known leads there. */
export function planBranch(): BranchStart | null {
  const { cursor } = useView.getState();
  const { log } = useLog.getState();
  if (cursor === null || !log.experiment || cursor >= log.totalSteps) return null;
  const { changes } = useBranch.getState();
  const { changed } = settingsAt(log.experiment, log.edits, cursor, changes);
  const before = log.edits.filter(({ step }) => step < cursor);
  const now = Object.entries(changes).map(([path, value]) => ({ step: cursor, path: livePath(path), value }));
  const experiment = [...before, ...now].reduce(withEdit, { ...log.experiment, edits: [] });
  // What a recording tells was computed elsewhere: no curve goes on from there, the branch is trained from its first step.
  const silent = useRun.getState().source === 'live';
  const branch = { from: silent ? keepRun(log).name : 'a recording', step: cursor };
  return { experiment, point: { step: cursor, silent }, ...(silent ? continued(cutLog(log, cursor), branch, changed) : begunAnew(branch)) };
}

function continued(past: RunLog, branch: RunLog['branch'], changed: Readonly<Record<string, number>>): Pick<BranchStart, 'show' | 'open'> {
  return {
    show() {
      showLog(past);
      useExperiment.setState({ changed });
      useRun.setState({ step: past.step });
    },
    open(event) {
      const { tables, masks, answers, inspections, edits, phases, storage, slowUpdates, written, step } = past;
      record(event);
      Object.assign(past, { tables, masks, answers, inspections, edits, phases, storage, slowUpdates, written, step, branch });
    },
  };
}

function begunAnew(branch: RunLog['branch']): Pick<BranchStart, 'show' | 'open'> {
  return {
    show: () => undefined,
    open(event) {
      showLog(createRunLog());
      record(event);
      Object.assign(useLog.getState().log, { branch });
    },
  };
}
