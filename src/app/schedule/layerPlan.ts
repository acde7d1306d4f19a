import type { LayerFacts } from '../../engine/experiment/events.ts';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import { phaseStarts } from '../../engine/experiment/phases.ts';
import { weightsOf } from '../../engine/sparsity/granularity.ts';
import { plansOf } from '../session/preview.ts';

/** What the plans leave one layer: its density after so many completed steps. Layers that are kept dense stay at 1. */
export function layerPlan(experiment: Experiment, all: readonly LayerFacts[], name: string): (step: number) => number {
  const { layers, plans } = plansOf(experiment, all);
  const at = layers.findIndex((layer) => layer.name === name);
  const layer = layers[at];
  if (!layer) return () => 1;
  const starts = phaseStarts(experiment);
  return (step) => {
    const phase = Math.max(0, starts.findLastIndex((start, i) => i < plans.length && (start < step || start === 0)));
    const plan = plans[phase];
    const done = step - (starts[phase] as number);
    const counts = done <= 0 ? plan?.initial().counts : plan?.target(done - 1);
    return counts ? (weightsOf(layers, counts)[at] as number) / (layer.out * layer.in) : 1;
  };
}
