import type { MasksSpec } from '../experiment/experiment.ts';
import { needsDenseGradient } from './averages.ts';
import type { LayerShape, MaskPlan, Method } from './method.ts';
import { keptOfMatrix, patternOf } from './pattern.ts';

/* How much of each dense product of a layer a training step needs: the rule that all counts of FLOPs follow. */

/** The products of a layer in a training step, each as large as the others. */
export const PASSES = ['forward', 'input gradient', 'weight gradient'] as const;
export type Pass = (typeof PASSES)[number];

/** Share of the dense product that each pass needs. */
export type PassShares = Readonly<Record<Pass, number>>;

/** Of a dense layer. */
export const WHOLE: PassShares = { forward: 1, 'input gradient': 1, 'weight gradient': 1 };

/** What decides these shares, beside densities. */
export interface PassRule {
  /** Products see all weights: those outside the mask come with a factor above 0. */
  seesAll: boolean;
  /** Weights outside the mask get a gradient, too. */
  denseGradient: boolean;
  /** Gradients of inputs go through a mask of their own. */
  ownBackward: boolean;
}

/** The rule at a step of a phase, counted from 0. @param updates the step ends with a mask update */
export function passRule(method: Pick<Method, 'update'>, { outside }: Pick<MaskPlan, 'outside'>, step: number, updates: boolean): PassRule {
  if (!outside) return { seesAll: false, denseGradient: needsDenseGradient(method, updates), ownBackward: false };
  const seesAll = (outside.factor?.(step) ?? 0) > 0;
  return { seesAll, denseGradient: seesAll || outside.gradient === 'through', ownBackward: outside.backward !== undefined };
}

/** The first of the steps `from` to `to` (left out) at which products no longer see all weights; `to` where they always do. Factors of hidden weights only fall. */
export function firstHidden(seesAll: (step: number) => boolean, from: number, to: number): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (seesAll(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Densities of a layer's masks: of its own, and of the one that gradients of inputs go through where a method has two. */
export interface LayerDensities {
  density: number;
  behind: number | undefined;
}

/** In theory, if a product counts what its mask keeps. */
export function theoreticalShares({ seesAll, denseGradient, ownBackward }: PassRule, { density, behind = density }: LayerDensities): PassShares {
  if (seesAll) return WHOLE;
  return {
    forward: density,
    // Before the first choice both masks keep everything.
    'input gradient': ownBackward && density < 1 ? behind : density,
    'weight gradient': denseGradient ? 1 : density,
  };
}

/** Density of the mask behind a layer, N of M along its outputs; 1 without a pattern, undefined for filters of convolutions, which keep one mask. */
export function densityBehind(masks: MasksSpec, { out, in: inputs, kernel }: Pick<LayerShape, 'out' | 'in' | 'kernel'>): number | undefined {
  if (kernel) return undefined;
  const pattern = patternOf(masks);
  return pattern ? keptOfMatrix({ ...pattern, axis: 'out' }, { rows: out, columns: inputs }) / (out * inputs) : 1;
}

/** What can in fact leave out weights of such masks: hardware for N:M, or a format with an index. */
export type Skipping = 'nm' | 'block' | 'csr';

/** What can leave out weights of these masks. */
export const skippingOf = ({ granularity }: Pick<MasksSpec, 'granularity'>): Skipping => (granularity === 'nm' || granularity === 'block' ? granularity : 'csr');

/**
 * The share that is left where theory is carried out. N:M hardware skips along what a product sums over: the inputs on
 * the way forward, the outputs on the way back; a weight gradient sums over the batch, where no pattern lies. An index
 * of weights or blocks skips in every pass, but convolutions have none.
 */
export function executableShares(theory: PassShares, { ownBackward }: Pick<PassRule, 'ownBackward'>, masks: Pick<MasksSpec, 'granularity' | 'axis'>, { kernel }: Pick<LayerShape, 'kernel'>): PassShares {
  if (masks.granularity !== 'nm') return kernel ? WHOLE : theory;
  const [forward, back] = [masks.axis !== 'out', masks.axis !== 'in' || (ownBackward && !kernel)];
  return { forward: forward ? theory.forward : 1, 'input gradient': back ? theory['input gradient'] : 1, 'weight gradient': 1 };
}
