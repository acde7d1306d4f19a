import type { ArmId, LayerFacts, MaskSnapshot, RunEventBody } from '../../engine/experiment/events.ts';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import { wordsFor } from '../../engine/sparsity/bits.ts';
import { isMaskable } from '../../engine/sparsity/distributions.ts';
import { initialMask } from '../../engine/sparsity/initialMask.ts';
import { defaultKnobs } from '../../engine/sparsity/knobs.ts';
import type { MaskPlan } from '../../engine/sparsity/method.ts';
import { findMethod } from '../../engine/sparsity/methods/index.ts';

/** Widths of the inputs and outputs of a data set. */
function dataWidths(set: string): { inputs: number; outputs: number } {
  return set.startsWith('mnist') ? { inputs: 784, outputs: 10 } : { inputs: 2, outputs: 2 };
}

/** The layers that an experiment trains, before any device is asked. A layer that any phase keeps dense has no mask. */
export function layerFacts(experiment: Experiment): LayerFacts[] {
  const { inputs, outputs } = dataWidths(experiment.data.set);
  const widths = [inputs, ...experiment.model.hidden, outputs];
  const count = widths.length - 1;
  let wordOffset = 0;
  return widths.slice(1).map((out, i) => {
    const before = widths[i] ?? inputs;
    const maskable = experiment.phases.every((phase) => isMaskable(i, count, phase.sparsity));
    const words = maskable ? wordsFor(out * before) : 0;
    const layer = { name: `fc${i + 1}`, out, in: before, maskable, wordOffset: maskable ? wordOffset : 0, words, activation: i === count - 1 ? 'none' : experiment.model.activation };
    wordOffset += words;
    return layer;
  });
}

/** The plan of the first phase: when masks change, and by how much. */
export function maskPlan(experiment: Experiment, layers: readonly LayerFacts[], method?: string): MaskPlan {
  const phase = experiment.phases[0];
  if (!phase) throw new RangeError('An experiment needs at least one phase.');
  const { plan, card } = findMethod(method ?? phase.sparsity.method);
  // A control network takes those settings that its own method has too.
  const knobs = method === undefined ? phase.sparsity : { ...defaultKnobs(card.knobs), ...Object.fromEntries(Object.entries(phase.sparsity).filter(([key]) => key in card.knobs)) };
  return plan({ layers: layers.filter((layer) => layer.maskable), steps: phase.steps, knobs });
}

/** What is known before anything runs: the layers and the seeded initial masks, as the events of a run would tell it. */
export function previewEvents(experiment: Experiment): RunEventBody[] {
  const layers = layerFacts(experiment);
  const totalSteps = experiment.phases.reduce((sum, phase) => sum + phase.steps, 0);
  const arms: ArmId[] = ['main', ...(experiment.beside.random ? ['random' as const] : []), ...(experiment.beside.dense ? ['dense' as const] : [])];
  const begin = (method?: string): Uint32Array => initialMask(layers, maskPlan(experiment, layers, method).initial(), experiment.seed);
  const events: RunEventBody[] = [
    { type: 'started', experiment, layers, arms, totalSteps, cost: [], biases: layers.reduce((sum, layer) => sum + layer.out, 0), notes: [] },
    { type: 'masks', snapshot: firstSnapshot('main', begin()) },
  ];
  if (experiment.beside.random) events.push({ type: 'masks', snapshot: firstSnapshot('random', begin('random')) });
  return events;
}

function firstSnapshot(arm: ArmId, mask: Uint32Array): MaskSnapshot {
  return { arm, step: 0, update: 0, mask, previous: mask, regrown: new Uint32Array(mask.length), fired: mask };
}
