import { create } from 'zustand';
import type { Edit, Experiment } from '../../engine/experiment/experiment.ts';
import type { Expected } from '../../engine/experiment/expected.ts';
import { encodeLink } from '../../engine/experiment/link.ts';
import { getPath, listPaths, setPath } from '../../engine/experiment/paths.ts';
import { DEFAULT_PRESET, findPreset, type Preset } from '../../engine/experiment/presets/index.ts';
import type { SettingValue } from '../../engine/experiment/values.ts';
import { sameValue } from '../controls/types.ts';

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
  /** What could not be taken as it was, from a link or a file, or of a setting. */
  notes: { from: 'link' | 'setting' | 'file'; lines: readonly string[] };
  /** The final numbers that a run of this very experiment is compared with, once it ends; null where none are. */
  expected: Expected | null;
}

/** Nothing to say. */
export const NO_NOTES: ExperimentStore['notes'] = { from: 'setting', lines: [] };

/** The store of the experiment. */
export const useExperiment = create<ExperimentStore>()(() => ({
  experiment: DEFAULT_PRESET.experiment, started: null, changed: {}, touched: false, notes: NO_NOTES, expected: null,
}));

/** Id of the method of a phase. */
export function methodOf(experiment: Experiment, phase = 0): string {
  return experiment.phases[phase]?.sparsity.method ?? 'dense';
}

/** The value that a control shows: a live change of this run, or else the setting. */
export function shownValue(state: Pick<ExperimentStore, 'experiment' | 'changed'>, path: string): SettingValue | undefined {
  return state.changed[path] ?? getPath(state.experiment, path);
}

/** True when two experiments have the same settings; edits while running are not looked at. */
export function sameSettings(a: Experiment, b: Experiment): boolean {
  // A link says all of an experiment in one fixed order.
  return a === b || encodeLink({ ...a, edits: [] }) === encodeLink({ ...b, edits: [] });
}

/** True when settings were edited that the run under way does not have. */
export function needsReset({ experiment, started }: ExperimentStore): boolean {
  return started !== null && !sameSettings(experiment, started);
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
export function presetOf(experiment: Experiment): Preset {
  return findPreset(experiment.preset);
}

/** Path of a phase's setting: with several phases, the phase is named. */
export function phasePath(experiment: Experiment, phase: number, path: string): string {
  return experiment.phases.length > 1 ? `phases.${phase}.${path}` : path;
}

/** A path without its phase: how live knobs are named in commands and edits. */
export function livePath(path: string): string {
  return path.replace(/^phases\.\d+\./, '');
}

/** The phase that a step belongs to. */
export function phaseIndexAt(experiment: Experiment, step: number): number {
  let end = 0;
  const index = experiment.phases.findIndex((phase) => step < (end += phase.steps));
  return index === -1 ? experiment.phases.length - 1 : index;
}

/** The preset with the phases and methods of the experiment: what its other settings are compared with. */
export function baseline(experiment: Experiment): Experiment {
  const preset = presetOf(experiment).experiment;
  const phased = preset.phases.length === experiment.phases.length ? preset : setPath(preset, 'phases', experiment.phases.length);
  return experiment.phases.reduce((base, { sparsity }, i) => setPath(base, phasePath(experiment, i, 'sparsity.method'), sparsity.method), phased);
}

/** Paths at which the settings differ from the preset's. */
export function differences(state: Pick<ExperimentStore, 'experiment' | 'changed'>): string[] {
  const { experiment } = state;
  const preset = presetOf(experiment).experiment;
  const base = baseline(experiment);
  return [...listPaths(experiment).keys()].filter((path) => {
    const now = shownValue(state, path);
    const before = getPath(path === 'phases' || path.endsWith('sparsity.method') ? preset : base, path);
    return now !== undefined && before !== undefined && !sameValue(now, before);
  });
}

/** An experiment with one more edit, in order of steps; a later one for the same step and path replaces the earlier. */
export function withEdit(experiment: Experiment, { step, path, value }: Edit): Experiment {
  const others = experiment.edits.filter((other) => other.step !== step || other.path !== path);
  return { ...experiment, edits: [...others, { step, path, value }].sort((a, b) => a.step - b.step) };
}
