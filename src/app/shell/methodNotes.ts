import type { MethodCard } from '../../engine/experiment/card.ts';
import type { Method } from '../../engine/sparsity/method.ts';

/** What a method's card says at length. */
export type MethodNotes = Pick<MethodCard, 'equations' | 'fidelity' | 'deviations'>;

/** The modules of methods with their notes, which the build leaves out of what is loaded at first (`scripts/lean-modules.mjs`). */
const WHOLE = import.meta.glob<Record<string, Method>>(['../../engine/sparsity/methods/*.ts', '!**/*.test.ts', '!**/index.ts'], { query: '?whole' });

/** Path of a method's file: its id with a capital for each hyphen. */
const fileOf = (id: string): string => `../../engine/sparsity/methods/${id.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())}.ts`;

/** Loads the notes of a method. @throws where its code cannot be fetched */
export async function loadNotes(id: string): Promise<MethodNotes> {
  const module = await WHOLE[fileOf(id)]?.();
  const method = Object.values(module ?? {}).find((found) => found.card.id === id);
  if (!method) throw new Error(`No file ${fileOf(id)} with the card of ${id}.`);
  return method.card;
}
