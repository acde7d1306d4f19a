import type { MasksSpec } from '../experiment/experiment.ts';
import type * as Code from './unitCode.ts';

/** What only runs need whose masks switch more than single weights, or keep N of M; it must not hold up the first step of others. */
export type UnitCode = typeof Code;

type Unit = Pick<MasksSpec, 'granularity'>;

let loaded: UnitCode | undefined;

/** True where masks need code that is not there yet. */
export const lacksUnits = ({ granularity }: Unit): boolean => granularity !== 'weight' && !loaded;

/** Loads it where masks need it; to be done before their first bits are drawn. */
export async function loadUnits(masks: Unit): Promise<void> {
  if (lacksUnits(masks)) loaded = await import('./unitCode.ts');
}

/** @throws Error where nobody has loaded it. */
export function unitCode(): UnitCode {
  if (!loaded) throw new Error('Masks that switch more than single weights need code that is not loaded. Await loadUnits first.');
  return loaded;
}
