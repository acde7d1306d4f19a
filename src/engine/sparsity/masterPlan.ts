import { readNumber } from './knobs.ts';
import type { PATTERN_DECAYS } from './masterKnobs.ts';
import type { MaskPlan, OutsideRule, PlanContext } from './method.ts';
import { buildPlan, groupsOf } from './plan.ts';
import { MOST_M, type NmPattern } from './pattern.ts';

/* Plans of methods that keep a dense master: all weights train, and passes see those that the mask chooses anew now and then. */

/** Steps of a phase in which all weights are seen, at its beginning: the knob `denseShare`. */
export const denseSteps = ({ knobs, steps }: PlanContext): number => Math.round(readNumber(knobs, 'denseShare') * steps);

/** What differs between these plans. */
export interface MasterRules {
  outside: OutsideRule;
  /** N and M at a step, where they change; those of the masks where absent. */
  pattern?(step: number): Pick<NmPattern, 'n' | 'm'>;
}

/** A mask that is chosen anew every `updatePeriod` steps behind the dense ones. Knobs: density (without a pattern), denseShare, updatePeriod. */
export function masterPlan(context: PlanContext, { outside, pattern }: MasterRules): MaskPlan {
  const { knobs, layers } = context;
  const first = denseSteps(context);
  const period = (): number => Math.max(1, Math.round(readNumber(knobs, 'updatePeriod')));
  const changes = (step: number): boolean => {
    const [now, before] = [pattern?.(step), pattern?.(step - 1)];
    return now?.n !== before?.n || now?.m !== before?.m;
  };
  const plan = buildPlan(context, {
    initialDensity: () => 1,
    density: (step) => (step < first ? 1 : readNumber(knobs, 'density')),
    isUpdate: (step) => step >= first && ((step - first) % period() === 0 || changes(step)),
    counts: (_, target) => ({ keep: target, grow: target.map(() => 0) }),
  });
  const shared = { ...plan, outside, keepsInactive: true } as const;
  if (!pattern) return shared;
  const target = (step: number): number[] => layers.map((layer) => (step < first ? groupsOf(layer) : layer.keptOf?.(pattern(step)) ?? groupsOf(layer)));
  return {
    ...shared, patternMoves: true, target,
    density: (step) => densityOf(context, target(step)),
    counts: (step) => ({ keep: target(step), grow: layers.map(() => 0), pattern: pattern(step) }),
  };
}

function densityOf({ layers }: PlanContext, active: readonly number[]): number {
  const total = layers.reduce((sum, layer) => sum + groupsOf(layer), 0);
  return total === 0 ? 1 : active.reduce((a, b) => a + b, 0) / total;
}

/** The patterns that SdGf goes through, the last one being N:M (Kao et al. 2022; sparsity decay of Bambhaniya et al. 2024). */
export function decayingPatterns(decay: keyof typeof PATTERN_DECAYS, { n, m }: Pick<NmPattern, 'n' | 'm'>): { n: number; m: number }[] {
  if (n >= m) return [{ n, m }];
  if (decay === 'geometric') return [8, 4, 2, 1].map((times) => ({ n: times * n, m: times * m })).filter((pattern) => pattern.m <= MOST_M);
  const slots = Math.floor(Math.log2(m / n)) + 1;
  const patterns = Array.from({ length: slots }, (_, i) => ({ n: i === 0 ? m - 1 : Math.floor(m / 2 ** i), m }));
  // M over a power of two need not meet N, where that is none.
  return patterns.at(-1)?.n === n ? patterns : [...patterns.slice(0, -1), { n, m }];
}

/** The pattern at a step, when patterns share the steps `first` to `last` equally; the last of them holds from then on. */
export function patternAt(patterns: readonly { n: number; m: number }[], step: number, first: number, last: number): { n: number; m: number } {
  const slot = Math.floor(((step - first) * patterns.length) / Math.max(1, last - first));
  return patterns[Math.max(0, Math.min(patterns.length - 1, slot))] as { n: number; m: number };
}
