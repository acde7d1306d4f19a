import type { MasksSpec } from '../experiment/experiment.ts';
import type * as Choice from './patternChoice.ts';
import type * as Moves from './patternMoves.ts';

/** What only runs need whose masks keep N of M; it must not hold up the first step of others. */
export type PatternCode = typeof Choice & typeof Moves;

let loaded: PatternCode | undefined;

/** Loads it where an experiment asks for it, which has to be done before its first mask is drawn. */
export async function loadPatterns({ granularity }: Pick<MasksSpec, 'granularity'>): Promise<void> {
  if (granularity !== 'nm' || loaded) return;
  const [choice, moves] = await Promise.all([import('./patternChoice.ts'), import('./patternMoves.ts')]);
  loaded = { ...choice, ...moves };
}

/** True where masks need code that is not there yet. */
export const lacksPatterns = ({ granularity }: Pick<MasksSpec, 'granularity'>): boolean => granularity === 'nm' && !loaded;

/** @throws Error where nobody has loaded it. */
export function patternCode(): PatternCode {
  if (!loaded) throw new Error('Masks that keep N of M need code that is not loaded. Await loadPatterns first.');
  return loaded;
}
