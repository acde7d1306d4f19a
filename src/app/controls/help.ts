import { useEffect, useState } from 'react';
import type { Knob, KnobTable } from '../../engine/experiment/card.ts';
import type * as Schema from '../../engine/experiment/schema.ts';
import type * as Methods from '../../engine/sparsity/methods/index.ts';

/* The line below a control: the build leaves it out of what is loaded at first (`scripts/lean-modules.mjs`). */

const SCHEMA = import.meta.glob<typeof Schema>('../../engine/experiment/schema.ts', { query: '?whole' });
const METHODS = import.meta.glob<typeof Methods>('../../engine/sparsity/methods/index.ts', { query: '?whole' });

/** Key of a setting and its label: methods may give one key different words. */
const nameOf = (path: string, { label }: Knob): string => `${path.split('.').at(-1)} ${label}`;

let loading: Promise<ReadonlyMap<string, string>> | undefined;
let known: ReadonlyMap<string, string> | undefined;

/** Help of all settings, by `nameOf`. */
async function load(): Promise<ReadonlyMap<string, string>> {
  const [schema, methods] = await Promise.all([Object.values(SCHEMA)[0]?.(), Object.values(METHODS)[0]?.()]);
  const { DATA_KNOBS, MODEL_KNOBS, MASKS_KNOBS, BESIDE_KNOBS, OPTIMIZER_KNOBS, PHASE_KNOBS, TOP_KNOBS, PHASES_KNOB, METHOD_KNOB } = schema as typeof Schema;
  const cards = Object.values((methods as typeof Methods).METHODS).map(({ card }) => card.knobs as KnobTable);
  const tables: KnobTable[] = [DATA_KNOBS, MODEL_KNOBS, MASKS_KNOBS, BESIDE_KNOBS, OPTIMIZER_KNOBS, PHASE_KNOBS, TOP_KNOBS, { phases: PHASES_KNOB, method: METHOD_KNOB }, ...cards];
  known = new Map(tables.flatMap((table) => Object.entries(table).map(([key, knob]) => [nameOf(key, knob), knob.help] as const)));
  return known;
}

/** The help of a setting: empty until it has come. */
export function useHelp(path: string, knob: Knob): string {
  const [help, setHelp] = useState(knob.help || (known?.get(nameOf(path, knob)) ?? ''));
  useEffect(() => {
    if (help) return;
    let stays = true;
    // Offline in the middle of loading: the control works without.
    void (loading ??= load()).then((found) => { if (stays) setHelp(found.get(nameOf(path, knob)) ?? ''); }, () => { loading = undefined; });
    return () => { stays = false; };
  }, [path, knob]);
  return help;
}
