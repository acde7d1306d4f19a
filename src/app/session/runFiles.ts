import type { Experiment } from '../../engine/experiment/experiment.ts';
import { MAX_INFLATED, readRecording, saveRecording } from '../../engine/experiment/recording.ts';
import type { RunLog } from '../../engine/experiment/runLog.ts';
import { useExperiment, withEdit } from '../stores/experiment.ts';
import { useOfferedRun } from '../stores/offeredRun.ts';
import { isBusy, useRun } from '../stores/run.ts';
import { look } from '../stores/view.ts';
import type { Session } from './session.ts';

/** Ending of the files that hold a recorded run. */
export const RUN_FILE_ENDING = '.sparseland';

/** What a file's reader needs of a file of the browser. */
export type RunFile = Pick<File, 'name' | 'size' | 'arrayBuffer'>;

/** A log as a file: its name, and its bytes. The name tells preset, seed and the last step. */
export function runFileOf(log: RunLog): { name: string; bytes: Uint8Array<ArrayBuffer> } {
  const { preset, seed } = log.experiment ?? { preset: 'run', seed: 0 };
  return { name: `${preset}-seed-${seed}-step-${log.step}${RUN_FILE_ENDING}`, bytes: saveRecording(log) };
}

/** The experiment that a log is a run of, with every edit that was made while it ran. */
export function ranExperiment(log: RunLog): Experiment | undefined {
  return log.experiment && log.edits.reduce(withEdit, log.experiment);
}

/** The log in a file, or one sentence on why there is none. Never rejects. */
export async function readRunFile(file: RunFile): Promise<{ log: RunLog; experiment: Experiment } | { sentence: string }> {
  const told = (why: string): { sentence: string } => ({ sentence: `${file.name} could not be opened: ${why}` });
  if (file.size > MAX_INFLATED) return told(`it has more than ${MAX_INFLATED / 2 ** 20} MiB, so it is no recorded run`);
  try {
    const opened = readRecording(new Uint8Array(await file.arrayBuffer()));
    if (!opened.ok) return told(opened.error.message.replace(/\.$/, '').replace(/^T/, 't'));
    const experiment = ranExperiment(opened.log);
    if (!experiment || opened.log.step === 0) return told('the recording holds no step of a run');
    return { log: opened.log, experiment };
  } catch {
    return told('the browser could not read it');
  }
}

/**
 * Opens a file in place of what is shown. Where a run is under way it is offered first. One that cannot be opened is told
 * in a sentence, and all stays as it is.
 */
export async function openRunFile(file: RunFile, session: Pick<Session, 'show'>): Promise<void> {
  const read = await readRunFile(file);
  if ('sentence' in read) useExperiment.setState({ notes: { from: 'file', lines: [read.sentence] } });
  else if (isUnderWay()) useOfferedRun.setState({ offered: { file: file.name, ...read } });
  else await session.show(read.log, read.experiment);
  look({ sheet: null });
}

/** A run of this device that would end if another took its place. */
function isUnderWay(): boolean {
  const { source, state } = useRun.getState();
  return source === 'live' && (isBusy(state) || state === 'paused');
}

/** Answers what was offered: opens it in place of the run under way, which is kept to be compared, or leaves all as it is. */
export async function answerOffer(opens: boolean, session: Pick<Session, 'show'>): Promise<void> {
  const { offered } = useOfferedRun.getState();
  useOfferedRun.setState({ offered: null });
  if (offered && opens) await session.show(offered.log, offered.experiment);
}
