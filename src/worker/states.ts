import type { CheckpointFile } from '../engine/experiment/events.ts';
import type { Edit, Experiment } from '../engine/experiment/experiment.ts';

/** States of runs that were trained here, from which others can go on. */
export interface States {
  /** Keeps a state. @param edits made live until then, beside those of the experiment */
  keep(experiment: Experiment, edits: readonly Edit[], state: CheckpointFile): void;
  /** The newest state at or before a step that a run of this experiment passes through. */
  nearest(experiment: Experiment, step: number): CheckpointFile | undefined;
}

/** What states may take. */
export const STATE_LIMITS = { states: 16, bytes: 48 * 2 ** 20 };

interface Kept {
  /** All that decides the state: settings, and edits before its step. */
  key: string;
  state: CheckpointFile;
}

/** Keeps few states, spread over the steps of the runs; what a run keeps last always stays. */
export function createStates(limits = STATE_LIMITS): States {
  let kept: Kept[] = [];
  const tooMuch = (): boolean => kept.length > limits.states || kept.reduce((sum, { state }) => sum + state.bytes.length, 0) > limits.bytes;
  return {
    keep(experiment, edits, state) {
      const key = keyOf({ ...experiment, edits: [...experiment.edits, ...edits] }, state.step);
      kept = kept.filter((other) => other.key !== key || other.state.step !== state.step);
      kept.push({ key, state });
      while (kept.length > 1 && tooMuch()) kept.splice(leastMissed(kept), 1);
    },
    nearest(experiment, step) {
      return kept
        .filter(({ key, state }) => state.step <= step && key === keyOf(experiment, state.step))
        .reduce<CheckpointFile | undefined>((best, { state }) => (best && best.step >= state.step ? best : state), undefined);
    },
  };
}

/** Index of the state without which the least has to be trained again; never of the last. */
function leastMissed(kept: readonly Kept[]): number {
  const steps = kept.map(({ state }) => state.step);
  const missed = steps.slice(0, -1).map((step, i) => {
    const before = Math.max(0, ...steps.filter((other, j) => j !== i && other <= step));
    const after = Math.min(...steps.filter((other, j) => j !== i && other >= step), Number.MAX_SAFE_INTEGER);
    return after - before;
  });
  return missed.indexOf(Math.min(...missed));
}

/** Settings, and the edits that acted before a step: of several of one setting at one step, the last. */
function keyOf({ edits, ...settings }: Experiment, step: number): string {
  const acted = new Map(edits.filter((edit) => edit.step < step).map((edit) => [`${edit.step} ${edit.path}`, edit.value]));
  return JSON.stringify([settings, [...acted].sort(([a], [b]) => (a < b ? -1 : 1))]);
}
