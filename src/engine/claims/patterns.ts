import { experimentFrom, type ExperimentParts, type PhaseParts } from '../experiment/defaults.ts';
import type { OptimizerSpec } from '../experiment/experiment.ts';
import type { NmPattern } from '../sparsity/pattern.ts';
import type { ClaimArm } from './claim.ts';

/** N of every M inputs. */
export type Ratio = Pick<NmPattern, 'n' | 'm'>;

/** What all arms of a claim on patterns share: everything but pattern and method. */
export type SharedByPatterns = Pick<ExperimentParts, 'data' | 'model' | 'evaluateEvery'> & { steps: number; optimizer: Partial<OptimizerSpec> };

const ALONE = { random: false, dense: false } as const;

/** As titles have a pattern. */
export const ratioWords = ({ n, m }: Ratio): string => `${n}:${m}`;

/** Id of an arm that keeps a pattern. */
export const patternArmId = (method: string, { n, m }: Ratio): string => `${method}-${n}-${m}`;

/** The dense network that arms with a pattern are compared with. */
export function denseArm({ steps, optimizer, ...shared }: SharedByPatterns, preset: string): ClaimArm {
  const experiment = experimentFrom({ ...shared, preset, phases: [{ steps, optimizer, sparsity: { method: 'dense' } }], beside: ALONE });
  return { id: 'dense', title: 'dense', experiment };
}

/** An arm that keeps a pattern. It is multiplied as masked: masks that change at every step would be repacked at every step. */
export function patternArm(title: string, { steps, optimizer, ...shared }: SharedByPatterns, ratio: Ratio, preset: string, sparsity: PhaseParts['sparsity']): ClaimArm {
  const experiment = experimentFrom({ ...shared, preset, masks: { granularity: 'nm', ...ratio }, phases: [{ steps, optimizer, sparsity }], beside: ALONE });
  return { id: patternArmId(sparsity.method, ratio), title: `${title} ${ratioWords(ratio)}`, experiment };
}

/** Masks that are chosen anew in every step, as the authors' codes do. */
const EVERY_STEP = { updatePeriod: 1 } as const;

/** The methods that claims on patterns compare: title, and knobs that are not as on the card. @param steps of a run; MdGf's factor falls to exp(-6) over them */
export const patternMethods = (ratio: Ratio, steps: number) => ({
  random: { title: 'fixed mask', sparsity: { method: 'random', density: ratio.n / ratio.m, distribution: 'uniform' } },
  ste: { title: 'STE', sparsity: { method: 'ste', ...EVERY_STEP } },
  'sr-ste': { title: 'SR-STE', sparsity: { method: 'sr-ste', ...EVERY_STEP } },
  mdgf: { title: 'MdGf', sparsity: { method: 'mdgf', eta: 6 / steps, ...EVERY_STEP } },
  sdgf: { title: 'SdGf', sparsity: { method: 'sdgf', ...EVERY_STEP } },
  bdwp: { title: 'BDWP', sparsity: { method: 'bdwp', ...EVERY_STEP } },
} as const satisfies Readonly<Record<string, { title: string; sparsity: PhaseParts['sparsity'] }>>);
