import type { Knob } from '../../engine/experiment/card.ts';
import type { Bounds, EmbedOptions } from './options.ts';

/**
 * The settings that a figure shows: live ones, then those that `lock=` or `bounds=` name, without those that `hide=` names.
 * @param usual settings as the page lists them: of the phase under way, and only those that mean something now
 * @param all every setting of the experiment, for those that the page keeps elsewhere, such as the method
 */
export function figureKnobs(usual: readonly (readonly [string, Knob])[], all: ReadonlyMap<string, Knob>, { hide, lock, bounds }: Pick<EmbedOptions, 'hide' | 'lock' | 'bounds'>): (readonly [string, Knob])[] {
  const live = usual.filter(([, knob]) => knob.live === true);
  const named = [...all].filter(([path]) => (lock.has(path) || bounds.has(path)) && live.every(([other]) => other !== path));
  return [...live, ...named].filter(([path]) => !hide.has(path));
}

/** A quantity with its range narrowed; any other setting as it is. */
export function boundedKnob(knob: Knob, bounds: Bounds | undefined): Knob {
  return bounds && (knob.kind === 'number' || knob.kind === 'integer') ? { ...knob, ...bounds } : knob;
}
