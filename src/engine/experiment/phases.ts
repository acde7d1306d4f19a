import { findMethod } from '../sparsity/methods/index.ts';
import type { KnobValue } from './card.ts';
import type { ArmId } from './events.ts';
import type { Experiment, Phase, SparsitySpec } from './experiment.ts';

/** First step of each phase, and behind them the step at which the run ends. */
export function phaseStarts(experiment: Experiment): number[] {
  const starts = [0];
  for (const phase of experiment.phases) starts.push((starts.at(-1) as number) + phase.steps);
  return starts;
}

/** Steps of all phases. */
export const totalSteps = (experiment: Experiment): number => phaseStarts(experiment).at(-1) as number;

/** The sparsity of a control network: the same final density and places, without anything that moves. */
export function sparsityOf(id: ArmId, phase: Phase): SparsitySpec {
  if (id === 'main') return phase.sparsity;
  const method = findMethod(id === 'random' ? 'random' : 'dense');
  const kept = Object.entries(phase.sparsity).filter(([key]) => key !== 'method' && Object.hasOwn(method.card.knobs, key));
  const defaults = Object.entries(method.card.knobs).map(([key, knob]) => [key, knob.default as KnobValue] as const);
  return { ...Object.fromEntries(defaults), ...Object.fromEntries(kept), method: method.card.id };
}
