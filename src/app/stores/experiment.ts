import { create } from 'zustand';
import type { Edit, Experiment } from '../../engine/experiment/experiment.ts';
import { getPath, PRESETS, setPath } from '../dev/contract.ts';
import { sameValue, type ControlValue } from '../controls/types.ts';

/** The experiment being edited, and what of it runs. */
export interface ExperimentStore {
  /** What the controls show before a run and what Play starts. */
  experiment: Experiment;
  /** What the run under way was started with; null before the first step. */
  started: Experiment | null;
  /** Live knobs changed during the run under way, by path: their newest values. */
  changed: Readonly<Record<string, number>>;
  /** The reader changed a live knob in this run; otherwise all changes came with the link. */
  touched: boolean;
  /** Sentences about a link or file that could not be taken as it was. */
  notes: readonly string[];
}

/** The store of the experiment. */
export const useExperiment = create<ExperimentStore>()(() => ({
  experiment: defaultExperiment(), started: null, changed: {}, touched: false, notes: [],
}));

function defaultExperiment(): Experiment {
  return PRESETS['hello-mnist']!.experiment;
}

/** Id of the method of the first phase. */
export function methodOf(experiment: Experiment): string {
  return experiment.phases[0]?.sparsity.method ?? 'dense';
}

/** The value that a control shows: a live change of this run, or else the setting. */
export function shownValue(state: Pick<ExperimentStore, 'experiment' | 'changed'>, path: string): ControlValue | undefined {
  return state.changed[path] ?? getPath(state.experiment, path);
}

/** True when settings were edited that the run under way does not have. */
export function needsReset({ experiment, started }: ExperimentStore): boolean {
  if (!started) return false;
  const strip = (value: Experiment): string => JSON.stringify({ ...value, edits: [] });
  return strip(experiment) !== strip(started);
}

/**
 * The experiment that the next Reset starts. What the reader changed live becomes a setting, and the run's edits are
 * forgotten: the controls show what will run. Edits that only came with the link stay, so that the run can be repeated.
 */
export function settled({ experiment, changed, touched }: Pick<ExperimentStore, 'experiment' | 'changed' | 'touched'>): Experiment {
  if (!touched) return experiment;
  return withChanges({ ...experiment, edits: [] }, changed);
}

/** An experiment with live changes put in as settings. */
export function withChanges(experiment: Experiment, changed: Readonly<Record<string, number>>): Experiment {
  return Object.entries(changed).reduce((next, [path, value]) => setPath(next, path, value), experiment);
}

/** The preset that an experiment began from. */
export function presetOf(experiment: Experiment): Experiment {
  return (PRESETS[experiment.preset] ?? PRESETS['hello-mnist'])!.experiment;
}

/** Paths at which an experiment differs from its preset, out of those given. */
export function differences(state: Pick<ExperimentStore, 'experiment' | 'changed'>, paths: readonly string[]): string[] {
  const preset = presetOf(state.experiment);
  return paths.filter((path) => {
    const now = shownValue(state, path);
    const before = getPath(preset, path);
    return now !== undefined && (before === undefined || !sameValue(now, before));
  });
}

/** An experiment with one more edit, in order of steps; a later one for the same step and path replaces the earlier. */
export function withEdit(experiment: Experiment, { step, path, value }: Edit): Experiment {
  const others = experiment.edits.filter((other) => other.step !== step || other.path !== path);
  return { ...experiment, edits: [...others, { step, path, value }].sort((a, b) => a.step - b.step) };
}
