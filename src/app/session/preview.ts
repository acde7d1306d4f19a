import { datasetCard, type DatasetCard } from '../../engine/data/cards.ts';
import { totalSteps as plannedSteps } from '../../engine/experiment/phases.ts';
import type { ArmId, LayerFacts, MaskSnapshot, RunEventBody } from '../../engine/experiment/events.ts';
import type { Experiment, Phase } from '../../engine/experiment/experiment.ts';
import { keptParameters, layerSizes, networkSpec } from '../../engine/experiment/model.ts';
import { networkLayers, networkLayout } from '../../engine/nn/layers.ts';
import { wordsFor } from '../../engine/sparsity/bits.ts';
import { grouped, weightsOf } from '../../engine/sparsity/granularity.ts';
import { initialMask } from '../../engine/sparsity/initialMask.ts';
import { defaultKnobs } from '../../engine/sparsity/knobs.ts';
import type { LayerShape, MaskPlan } from '../../engine/sparsity/method.ts';
import { findMethod } from '../../engine/sparsity/methods/index.ts';

function dataOf({ data }: Experiment): DatasetCard {
  const card = datasetCard(data.set);
  if (!card) throw new RangeError(`There is no data set ${data.set}.`);
  return card;
}

/** The layers that an experiment trains, before any device is asked. A layer that any phase keeps dense has no mask. */
export function layerFacts(experiment: Experiment): LayerFacts[] {
  const spec = networkSpec(experiment, dataOf(experiment));
  let wordOffset = 0;
  return networkLayers(spec).map((layer, i) => {
    const sizes = layerSizes(layer);
    const maskable = spec.maskable[i] ?? false;
    const words = maskable ? wordsFor(sizes.out * sizes.in) : 0;
    const facts = { ...sizes, maskable, wordOffset: maskable ? wordOffset : 0, words };
    wordOffset += words;
    return facts;
  });
}

/** The plan of a phase: when masks change, and by how much; with `control`, that of a network trained beside it. */
export function maskPlan(phase: Phase, layers: readonly LayerShape[], control?: 'random'): MaskPlan {
  const { plan, card } = findMethod(control ?? phase.sparsity.method);
  // A control takes those settings that its own method has too.
  const shared = Object.entries(phase.sparsity).filter(([key]) => Object.hasOwn(card.knobs, key));
  const knobs = control ? { ...defaultKnobs(card.knobs), ...Object.fromEntries(shared) } : phase.sparsity;
  return plan({ layers, steps: phase.steps, knobs });
}

/** The layers that have masks, as plans see them. */
export function maskedLayers(experiment: Experiment, layers: readonly LayerFacts[]): (LayerFacts & LayerShape)[] {
  return grouped(layers.filter((layer) => layer.maskable), experiment.masks);
}

/** What the phases plan after each of their steps. */
export interface Schedule {
  totalSteps: number;
  /** Planned density after `step` completed steps. */
  density(step: number): number;
  /** Planned active weights by the name of the maskable layer, at the end of each phase. */
  ends: readonly ReadonlyMap<string, number>[];
}

/** The plans of all phases, with the masked layers that they count, in order of the network. */
export function plansOf(experiment: Experiment, all: readonly LayerFacts[]): { layers: (LayerFacts & LayerShape)[]; plans: MaskPlan[] } {
  const layers = maskedLayers(experiment, all);
  return { layers, plans: experiment.phases.map((phase) => maskPlan(phase, layers)) };
}

/** The schedule of an experiment over all its phases. */
export function scheduleOf(experiment: Experiment, all: readonly LayerFacts[]): Schedule {
  const { layers, plans } = plansOf(experiment, all);
  const totalSteps = plannedSteps(experiment);
  return {
    totalSteps,
    density(step) {
      let begin = 0;
      for (const [i, phase] of experiment.phases.entries()) {
        // `step` steps are complete: the last of them is step - 1 of the run.
        if (step <= begin + phase.steps) return step === begin ? firstDensity(plans[i], layers) : plans[i]?.density(step - 1 - begin) ?? 1;
        begin += phase.steps;
      }
      return plans.at(-1)?.density(Math.max(0, (experiment.phases.at(-1)?.steps ?? 1) - 1)) ?? 1;
    },
    ends: plans.map((plan, i) => {
      const target = weightsOf(layers, plan.target(Math.max(0, (experiment.phases[i]?.steps ?? 1) - 1)));
      return new Map(layers.map(({ name }, at) => [name, target[at] ?? 0]));
    }),
  };
}

function firstDensity(plan: MaskPlan | undefined, layers: readonly LayerShape[]): number {
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  const weights = sum(layers.map((layer) => layer.out * layer.in));
  const active = plan ? sum(weightsOf(layers, plan.initial().counts)) : weights;
  return weights > 0 ? active / weights : 1;
}

/** The networks of an experiment; a control that would equal the main network is left out. */
function armsOf(experiment: Experiment): ArmId[] {
  const equals = (id: string): boolean => experiment.phases.every((phase) => phase.sparsity.method === id);
  return (['main', 'random', 'dense'] as const).filter((id) => id === 'main' || (experiment.beside[id] && !equals(id)));
}

/** What is known before anything runs: the layers and the seeded initial masks, as the events of a run would tell it. */
export function previewEvents(experiment: Experiment): RunEventBody[] {
  const layers = layerFacts(experiment);
  const arms = armsOf(experiment);
  const [first] = experiment.phases;
  if (!first) throw new RangeError('An experiment needs at least one phase.');
  const begin = (control?: 'random'): Uint32Array => initialMask(layers, maskPlan(first, maskedLayers(experiment, layers), control).initial(), experiment.seed, experiment.masks);
  const events: RunEventBody[] = [
    {
      type: 'started', experiment, layers, arms, totalSteps: scheduleOf(experiment, layers).totalSteps, cost: [],
      biases: keptParameters(networkLayout(networkSpec(experiment, dataOf(experiment)))), notes: [],
    },
    { type: 'masks', snapshot: firstSnapshot('main', begin()) },
  ];
  if (arms.includes('random')) events.push({ type: 'masks', snapshot: firstSnapshot('random', begin('random')) });
  return events;
}

function firstSnapshot(arm: ArmId, mask: Uint32Array): MaskSnapshot {
  return { arm, step: 0, update: 0, mask, previous: mask, regrown: new Uint32Array(mask.length), fired: mask };
}
