import type { MaskPlan } from './method.ts';

/** True where a tensor belongs to one of the layers, by name. */
export function isOfLayers({ name }: { name: string }, layers: readonly string[]): boolean {
  return layers.some((layer) => name.startsWith(`${layer}.`));
}

/**
 * The plan of a phase in which some layers are frozen: its updates keep every active weight of those, and grow none.
 * @param frozen per layer of the plan
 * @param active active weights of each layer now
 * @throws Error where one threshold is for all layers, or they share their growth: frozen ones would take part, too
 */
export function sparingPlan(plan: MaskPlan, frozen: readonly boolean[], active: () => readonly number[]): MaskPlan {
  if (!frozen.includes(true)) return plan;
  if (plan.redistribute) throw new Error('Redistribution cannot spare frozen layers; choose redistribute=0.');
  if (plan.scope === 'global') throw new Error('The scope global cannot spare frozen layers; choose layer.');
  const spare = (counts: readonly number[], now: readonly number[]): number[] => counts.map((count, l) => (frozen[l] ? now[l] ?? count : count));
  return {
    ...plan,
    target: (step) => spare(plan.target(step), active()),
    counts(step, now) {
      const { keep, grow } = plan.counts(step, now);
      return { keep: spare(keep, now), grow: spare(grow, now.map(() => 0)) };
    },
  };
}
