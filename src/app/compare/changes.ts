import type { Experiment } from '../../engine/experiment/experiment.ts';
import { getPath, listPaths } from '../../engine/experiment/paths.ts';
import { writeValue, type SettingValue } from '../../engine/experiment/values.ts';
import { sameValue } from '../controls/types.ts';

/** A setting in which two runs differ. */
export interface Change {
  /** As in links: `optimizer.rate`. */
  path: string;
  /** As controls call it: `Learning rate`. */
  label: string;
  /** As links write it; null where the other run has no such setting, or has only its usual value. */
  before: string | null;
  after: string | null;
}

/** The preset's name is no setting: what it stands for is compared. */
const NO_SETTING: readonly string[] = ['preset'];

/**
 * Settings in which `after` differs from `before`, in the order of the controls. Knobs that only one of the two methods
 * has are told where they are not at their usual value.
 */
export function changesBetween(before: Experiment, after: Experiment): Change[] {
  const [old, now] = [listPaths(before), listPaths(after)];
  const paths = [...new Set([...now.keys(), ...old.keys()])].filter((path) => !NO_SETTING.includes(path));
  return paths.flatMap((path): Change[] => {
    const knob = now.get(path) ?? old.get(path)!;
    const usual = (value: SettingValue | undefined): boolean => value === undefined || (!(old.has(path) && now.has(path)) && sameValue(value, knob.default));
    const [a, b] = [getPath(before, path), getPath(after, path)];
    if (a !== undefined && b !== undefined ? sameValue(a, b) : usual(a) && usual(b)) return [];
    return [{ path, label: labelOf(path, knob.label), before: a === undefined ? null : writeValue(a), after: b === undefined ? null : writeValue(b) }];
  }).concat(editChange(before, after));
}

function labelOf(path: string, label: string): string {
  const phase = /^phases\.(\d+)\./.exec(path)?.[1];
  return phase === undefined ? label : `${label} in phase ${Number(phase) + 1}`;
}

function editChange(before: Experiment, after: Experiment): Change[] {
  const words = ({ edits }: Experiment): string => edits.map(({ step, path, value }) => `${path} ${value} at ${step}`).join(', ');
  if (words(before) === words(after)) return [];
  return [{ path: 'edits', label: 'Changes while running', before: String(before.edits.length), after: String(after.edits.length) }];
}

/** A change in words: `Learning rate 0.1 to 0.05`. */
export function changeWords({ label, before, after }: Change): string {
  if (before === null) return `${label} ${after}`;
  return after === null ? `no ${label.charAt(0).toLowerCase()}${label.slice(1)}` : `${label} ${before} to ${after}`;
}
