import { useEffect, useState } from 'react';
import type { Knob, KnobTable } from '../../engine/experiment/card.ts';
import { wholeMethods, wholeSchema } from '../text/whole.ts';

/* The line below a control: the build leaves it out of what is loaded at first (`scripts/lean-modules.mjs`). */

/** What tells a setting's help: its key and all else that is known of it, since methods may mean different things by one key. */
export const nameOf = (path: string, knob: Knob): string => `${path.split('.').at(-1)} ${JSON.stringify({ ...knob, help: '' })}`;

let loading: Promise<void> | undefined;
let known: ReadonlyMap<string, string> | undefined;

/** All settings that have a control, with their help: of the experiment, and of each method. */
export async function loadTables(): Promise<KnobTable[]> {
  const [schema, methods] = await Promise.all([wholeSchema(), wholeMethods()]);
  const { DATA_KNOBS, MODEL_KNOBS, MASKS_KNOBS, BESIDE_KNOBS, OPTIMIZER_KNOBS, PHASE_KNOBS, TOP_KNOBS, PHASES_KNOB, METHOD_KNOB } = schema;
  const cards = Object.values(methods).map(({ card }) => card.knobs as KnobTable);
  return [DATA_KNOBS, MODEL_KNOBS, MASKS_KNOBS, BESIDE_KNOBS, OPTIMIZER_KNOBS, PHASE_KNOBS, TOP_KNOBS, { phases: PHASES_KNOB, method: METHOD_KNOB }, ...cards];
}

async function load(): Promise<void> {
  known = new Map((await loadTables()).flatMap((table) => Object.entries(table).map(([key, knob]) => [nameOf(key, knob), knob.help] as const)));
}

/** The help of a setting: empty until it has come. */
export function useHelp(path: string, knob: Knob): string {
  const [, setLoaded] = useState(known !== undefined);
  useEffect(() => {
    if (knob.help || known) return undefined;
    let stays = true;
    // Offline in the middle of loading: the control works without.
    void (loading ??= load()).then(() => { if (stays) setLoaded(true); }, () => { loading = undefined; });
    return () => { stays = false; };
  }, [knob]);
  return knob.help || (known?.get(nameOf(path, knob)) ?? '');
}
