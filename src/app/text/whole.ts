import type * as Presets from '../../engine/experiment/presets/index.ts';
import type * as Schema from '../../engine/experiment/schema.ts';
import type * as Methods from '../../engine/sparsity/methods/index.ts';
import type { MethodCard } from '../../engine/experiment/card.ts';

/*
 * Words that the build leaves out of what is loaded at first (`scripts/lean-modules.mjs`), and that come once they are
 * wanted: what methods and presets say of themselves, and the lines below settings.
 */

const METHODS = import.meta.glob<typeof Methods>('../../engine/sparsity/methods/index.ts', { query: '?whole' });
const PRESETS = import.meta.glob<typeof Presets>('../../engine/experiment/presets/index.ts', { query: '?whole' });
const SCHEMA = import.meta.glob<typeof Schema>('../../engine/experiment/schema.ts', { query: '?whole' });

const only = async <Module>(found: Record<string, () => Promise<Module>>): Promise<Module> => (Object.values(found)[0] as () => Promise<Module>)();

/** All methods with their whole cards. Rejects where they cannot be fetched, as all here. */
export const wholeMethods = async (): Promise<typeof Methods.METHODS> => (await only(METHODS)).METHODS;

/** The whole card of a method. */
export async function wholeCard(id: string): Promise<MethodCard> {
  return (await only(METHODS)).findMethod(id).card;
}

/** All presets with their sentences, papers and results. */
export const wholePresets = async (): Promise<typeof Presets.PRESETS> => (await only(PRESETS)).PRESETS;

/** A whole preset; undefined where there is none of that name. */
export const wholePreset = async (id: string): Promise<Presets.Preset | undefined> => (await wholePresets())[id];

/** All settings that no method has, with their help. */
export const wholeSchema = (): Promise<typeof Schema> => only(SCHEMA);
