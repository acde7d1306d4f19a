import { create } from 'zustand';
import type { Edit, Experiment } from '../../engine/experiment/experiment.ts';
import { phaseIndexAt, phasePath, type ExperimentStore } from './experiment.ts';
import { useView } from './view.ts';

/** What the reader changed while looking back: for a branch from there, and for nothing else. */
export interface BranchStore {
  /** Live knobs by path. */
  changes: Readonly<Record<string, number>>;
}

/** The store of a branch that is not begun. */
export const useBranch = create<BranchStore>()(() => ({ changes: {} }));

useView.subscribe(({ cursor }, before) => {
  if (cursor === null && before.cursor !== null) useBranch.setState({ changes: {} });
});

/** Settings of a run as they acted before a step, with changes for a branch from there. */
export function settingsAt(experiment: Experiment, edits: readonly Edit[], step: number, changes: BranchStore['changes']): Pick<ExperimentStore, 'experiment' | 'changed'> {
  const acted = edits.filter((edit) => edit.step < step).map((edit) => [phasePath(experiment, phaseIndexAt(experiment, edit.step), edit.path), edit.value]);
  return { experiment, changed: { ...Object.fromEntries(acted), ...changes } };
}
