import { datasetCard } from '../../engine/data/cards.ts';
import type { Experiment, Phase } from '../../engine/experiment/experiment.ts';
import { parseExperiment } from '../../engine/experiment/parse.ts';
import { totalSteps } from '../../engine/experiment/phases.ts';
import { MAX_STEPS } from '../../engine/experiment/schema.ts';
import { flopsAt, stepFlopsOf } from '../../engine/experiment/stepFlops.ts';
import { weightsOf } from '../../engine/sparsity/granularity.ts';
import { findMethod } from '../../engine/sparsity/methods/index.ts';
import { firstHidden, passRule } from '../../engine/sparsity/passes.ts';
import { layerFacts, plansOf } from '../session/preview.ts';

/** The experiment with another number of steps: each phase gets its share of them, and at least one. */
export function withSteps(experiment: Experiment, steps: number): Experiment {
  const before = totalSteps(experiment);
  const phases = experiment.phases.map((phase) => ({ ...phase, steps: Math.max(1, Math.round((phase.steps * steps) / before)) }));
  return parseExperiment({ ...experiment, phases }).experiment;
}

/**
 * Theoretical FLOPs of a whole training as it is planned: each step's products at the density that its masks are planned
 * to have, dense gradients where the method asks for them.
 * @param denseFlops of a step in dense arithmetic, as a run of the same network tells it; products alone where absent
 */
export function plannedFlops(experiment: Experiment, denseFlops = 0): number {
  const card = datasetCard(experiment.data.set);
  if (!card) return Number.NaN;
  const { layers, plans } = plansOf(experiment, layerFacts(experiment));
  const densities = (counts: readonly number[]): ReadonlyMap<string, number> => {
    const weights = weightsOf(layers, counts);
    return new Map(layers.map(({ name, out, in: inputs }, l) => [name, (weights[l] ?? 0) / (out * inputs)]));
  };
  let flops = 0;
  plans.forEach((plan, i) => {
    const { steps, sparsity } = experiment.phases[i] as Phase;
    const [step, method] = [stepFlopsOf(experiment, card, denseFlops, i), findMethod(sparsity.method)];
    let counts = plan.initial().counts;
    let density = densities(counts);
    let plain: number | undefined;
    const hidden = firstHidden((t) => passRule(method, plan, t, false).seesAll, 0, steps);
    for (let t = 0; t < steps; t++) {
      const updates = plan.isUpdate(t);
      if (t === hidden) plain = undefined;
      const cost = (): number => flopsAt(step, (name) => density.get(name) ?? 1, passRule(method, plan, t, updates));
      flops += updates ? cost() : (plain ??= cost());
      if (!updates) continue;
      counts = plan.target(t);
      density = densities(counts);
      plain = undefined;
    }
  });
  return flops;
}

/** The experiment with as many steps as come closest to `flops` of training. */
export function withFlops(experiment: Experiment, flops: number, denseFlops?: number): Experiment {
  const cost = (steps: number): number => plannedFlops(withSteps(experiment, steps), denseFlops);
  const most = MAX_STEPS * experiment.phases.length;
  let [low, high] = [experiment.phases.length, totalSteps(experiment)];
  while (high < most && cost(high) < flops) [low, high] = [high, Math.min(most, 2 * high)];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (cost(middle) < flops) low = middle;
    else high = middle;
  }
  return withSteps(experiment, Math.abs(cost(low) - flops) <= Math.abs(cost(high) - flops) ? low : high);
}
