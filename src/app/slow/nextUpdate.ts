import type { LayerFacts } from '../../engine/experiment/events.ts';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import { METHODS } from '../../engine/sparsity/methods/index.ts';
import { plansOf } from '../session/preview.ts';

/** The step that makes the next mask update once `done` steps are complete, counted as a completed one; undefined where none follows. */
export function nextUpdate(experiment: Experiment, layers: readonly LayerFacts[], done: number): number | undefined {
  const { plans } = plansOf(experiment, layers);
  let begin = 0;
  for (const [i, phase] of experiment.phases.entries()) {
    const updates = METHODS[phase.sparsity.method as keyof typeof METHODS]?.update !== undefined;
    for (let local = Math.max(0, done - begin); updates && local < phase.steps; local++) if (plans[i]?.isUpdate(local)) return begin + local + 1;
    begin += phase.steps;
  }
  return undefined;
}
