import type { KnobValue } from '../experiment/card.ts';
import { setPath } from '../experiment/paths.ts';
import type { Claim } from './claim.ts';

/** A copy of a claim with settings of all arms changed: short enough for a test, and another claim by its hash. */
export function shortened(claim: Claim, settings: readonly (readonly [path: string, value: KnobValue])[]): Claim {
  const arms = claim.arms.map((arm) => ({ ...arm, experiment: settings.reduce((experiment, [path, value]) => setPath(experiment, path, value), arm.experiment) }));
  return { ...claim, arms, setting: 'a short copy' };
}
