import type { Knob, KnobValue } from '../../engine/experiment/card.ts';

/** What a control can hold: a knob's value, or the widths of the hidden layers. */
export type ControlValue = KnobValue | readonly number[];

/** What every kind of control takes. */
export interface ControlProps<K extends Knob = Knob> {
  /** The setting's path as in links: `optimizer.rate`. */
  path: string;
  knob: K;
  value: ControlValue;
  /** The value that the dot goes back to: the preset's. */
  preset: ControlValue;
  /** A change acts at once on the run under way. */
  actsNow: boolean;
  disabled: boolean;
  onChange(value: ControlValue): void;
}

/** True when two settings are the same, widths compared one by one. */
export function sameValue(a: ControlValue, b: ControlValue): boolean {
  if (typeof a === 'object' && typeof b === 'object') return a.length === b.length && a.every((width, i) => width === b[i]);
  return a === b;
}
