import type { Experiment } from '../experiment/experiment.ts';
import { setPath } from '../experiment/paths.ts';
import { totalSteps } from '../experiment/phases.ts';
import { METRICS, type Check } from './claim.ts';

/** Settings that mean the same whatever the method: with others, the comparison would be of them. */
const SHARED = ['density', 'distribution', 'denseFirst', 'denseLast', 'updatePeriod'] as const;

/** An arm with what the leading one has of these settings, at its end; what is a method's own stays as on its card. */
export function sharing(lead: Experiment, arm: Experiment): Experiment {
  const from = lead.phases.at(-1)!.sparsity;
  return SHARED.reduce((shared, key) => {
    const own = arm.phases.at(-1)!.sparsity;
    if (!Object.hasOwn(from, key) || !Object.hasOwn(own, key) || from[key] === own[key]) return shared;
    return setPath(shared, arm.phases.length > 1 ? `phases.${arm.phases.length - 1}.sparsity.${key}` : `sparsity.${key}`, from[key]);
  }, arm);
}

/** A control keeps the settings of the leading arm, and its first phase alone. */
export function controlOf(lead: Experiment, method: 'random' | 'dense'): Experiment {
  const first = lead.phases[0]!;
  return sharing(lead, setPath({ ...lead, phases: [{ ...first, steps: totalSteps(lead), entry: 'keep' }] }, 'sparsity.method', method));
}

/** What tells whether a task of so many classes can tell anything: dense has to come half of the way from chance to all right. */
export function checkBy(dense: string, control: string, classes: number): Check {
  return { dense, target: (1 + METRICS.accuracy.chance(classes)) / 2, control };
}
