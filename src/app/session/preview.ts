import type { ArmId, LayerFacts, MaskSnapshot, RunEventBody } from '../../engine/experiment/events.ts';
import type { Experiment } from '../../engine/experiment/experiment.ts';
import { wordsFor } from '../../engine/sparsity/bits.ts';
import { initialMask } from '../../engine/sparsity/initialMask.ts';
import type { MaskPlan } from '../../engine/sparsity/method.ts';
import { findMethod } from '../../engine/sparsity/methods/index.ts';

/** Widths of the inputs and outputs of a data set. */
function dataWidths(set: string): { inputs: number; outputs: number } {
  return set.startsWith('mnist') ? { inputs: 784, outputs: 10 } : { inputs: 2, outputs: 2 };
}

/** The layers that an experiment's first phase trains, before any device is asked. */
export function layerFacts(experiment: Experiment): LayerFacts[] {
  const { inputs, outputs } = dataWidths(experiment.data.set);
  const widths = [inputs, ...experiment.model.hidden, outputs];
  const sparsity = experiment.phases[0]?.sparsity;
  let wordOffset = 0;
  return widths.slice(1).map((out, i) => {
    const before = widths[i] ?? inputs;
    const last = i === widths.length - 2;
    const words = wordsFor(out * before);
    const maskable = !((i === 0 && sparsity?.denseFirst === true) || (last && sparsity?.denseLast === true));
    const layer = { name: `fc${i + 1}`, out, in: before, maskable, wordOffset, words, activation: last ? 'none' : experiment.model.activation };
    wordOffset += words;
    return layer;
  });
}

/** The plan of the first phase: when masks change, and by how much. */
export function maskPlan(experiment: Experiment, layers: readonly LayerFacts[]): MaskPlan {
  const phase = experiment.phases[0]!;
  return findMethod(phase.sparsity.method).plan({ layers: layers.filter((layer) => layer.maskable), steps: phase.steps, knobs: phase.sparsity });
}

/** What is known before anything runs: the layers and the seeded initial masks, as the events of a run would tell it. */
export function previewEvents(experiment: Experiment): RunEventBody[] {
  const layers = layerFacts(experiment);
  const plan = maskPlan(experiment, layers);
  const totalSteps = experiment.phases.reduce((sum, phase) => sum + phase.steps, 0);
  const arms: ArmId[] = ['main', ...(experiment.beside.random ? ['random' as const] : []), ...(experiment.beside.dense ? ['dense' as const] : [])];
  const main = initialMask(layers, plan.initial(), experiment.seed);
  const events: RunEventBody[] = [
    { type: 'started', experiment, layers, arms, totalSteps, cost: [], biases: layers.reduce((sum, layer) => sum + layer.out, 0), notes: [] },
    { type: 'masks', snapshot: firstSnapshot('main', main) },
  ];
  if (experiment.beside.random) {
    const counts = plan.target(totalSteps - 1);
    events.push({ type: 'masks', snapshot: firstSnapshot('random', initialMask(layers, { counts, choose: 'random' }, experiment.seed)) });
  }
  return events;
}

function firstSnapshot(arm: ArmId, mask: Uint32Array): MaskSnapshot {
  return { arm, step: 0, update: 0, mask, previous: mask, regrown: new Uint32Array(mask.length), fired: mask };
}
