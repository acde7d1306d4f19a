import type { Knob } from '../../engine/experiment/card.ts';
import type { SettingValue } from '../../engine/experiment/values.ts';

/** What every kind of control takes. */
export interface ControlProps<K extends Knob = Knob> {
  /** The setting's path as in links: `optimizer.rate`. */
  path: string;
  knob: K;
  value: SettingValue;
  /** The value that the dot goes back to: the preset's. */
  preset: SettingValue;
  /** A change acts at once on the run under way. */
  actsNow: boolean;
  disabled: boolean;
  onChange(value: SettingValue): void;
}

/** True when two settings are the same, widths compared one by one. */
export function sameValue(a: SettingValue, b: SettingValue): boolean {
  if (typeof a === 'object' && typeof b === 'object') return a.length === b.length && a.every((width, i) => width === b[i]);
  return a === b;
}
