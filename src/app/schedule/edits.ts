import { create } from 'zustand';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import { liveKnobs } from '../../engine/experiment/schema.ts';
import { session } from '../session/current.ts';
import { livePath, phaseIndexAt, shownValue, useExperiment, withChanges } from '../stores/experiment.ts';
import { useRun } from '../stores/run.ts';
import type { Change } from './handles.ts';

/** What was changed on the chart, and what it was before: undone from the newest on. */
interface Step {
  before: readonly Change[];
  after: readonly Change[];
  /** Key presses on one handle are undone together. */
  merge: string | null;
}

/** Most changes that can be undone. */
const MOST = 50;

const useSteps = create<{ steps: readonly Step[] }>()(() => ({ steps: [] }));

/** The experiment as the page's controls show it. */
export function useShownExperiment(): Experiment {
  const experiment = useExperiment((state) => state.experiment);
  const changed = useExperiment((state) => state.changed);
  return withChanges(experiment, changed);
}

/** True when a change of this setting acts on the run under way. */
export function actsNow(path: string): boolean {
  const { source, state, step } = useRun.getState();
  if (source !== 'live' || (state !== 'training' && state !== 'paused')) return false;
  const { experiment } = useExperiment.getState();
  const index = phaseIndexAt(experiment, step);
  const phase = experiment.phases[index];
  const own = path === livePath(path) ? 0 : Number(path.split('.')[1]);
  return phase !== undefined && own === index && liveKnobs(phase).has(livePath(path));
}

function set(changes: readonly Change[]): void {
  for (const [path, value] of changes) session.setKnob(path, value, actsNow(path));
}

const valuesNow = (paths: readonly string[]): Change[] => {
  const state = useExperiment.getState();
  return paths.flatMap((path) => {
    const value = shownValue(state, path);
    return value === undefined ? [] : [[path, value] as const];
  });
};

/**
 * Applies changes through the session, as the page's controls do, and keeps what they undo.
 * @param merge changes in a row with the same word are undone as one; null for a change of its own
 */
export function applyChanges(changes: readonly Change[], merge: string | null = null): void {
  if (changes.length === 0) return;
  // Points bring the final density along, so that taking them back takes it back, too.
  const paths = [...new Set(changes.flatMap(([path]) => (path.endsWith('.points') ? [path, path.replace(/points$/, 'density')] : [path])))];
  const before = valuesNow(paths);
  set(changes);
  const after = valuesNow(paths);
  useSteps.setState(({ steps }) => {
    const last = steps.at(-1);
    const joins = merge !== null && last?.merge === merge && same(last.after, before);
    return { steps: joins ? [...steps.slice(0, -1), { before: last.before, after, merge }] : [...steps, { before, after, merge }].slice(-MOST) };
  });
}

const same = (a: readonly Change[], b: readonly Change[]): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The newest change, while the settings are still as it left them. */
function undoable(): Step | undefined {
  const last = useSteps.getState().steps.at(-1);
  return last && same(valuesNow(last.after.map(([path]) => path)), last.after) ? last : undefined;
}

/** True while the newest change on the chart can be taken back: nothing else moved its settings since. */
export function useCanUndo(): boolean {
  useSteps();
  useExperiment();
  return undoable() !== undefined;
}

/** Takes the newest change on the chart back. */
export function undo(): void {
  const last = undoable();
  if (!last) return;
  useSteps.setState(({ steps }) => ({ steps: steps.slice(0, -1) }));
  set(last.before);
}
