import { experimentFrom, type PhaseParts } from '../engine/experiment/defaults.ts';
import type { Experiment } from '../engine/experiment/experiment.ts';
import type { Dataset } from '../engine/data/dataset.ts';
import { syntheticData } from '../peers/same.ts';

/** Batches that take turns. */
const BATCHES = 8;

/** What of a phase makes its masks fit a format, beside the format itself. */
export type MaskParts = Partial<Omit<PhaseParts, 'optimizer' | 'sparsity' | 'format'>>;

/** An MLP from 784 inputs to 10 classes with these hidden layers, trained with momentum on random points. */
export function sparseNetwork(hidden: readonly number[], batch: number, phase: PhaseParts): { experiment: Experiment; dataset: Dataset } {
  const experiment = experimentFrom({
    preset: 'rigl-mnist', seed: 1, data: { set: 'moons', batch, noise: 0, samples: BATCHES * batch }, model: { hidden },
    evaluateEvery: 1_000_000, beside: { random: false, dense: false },
    phases: [{ steps: 1_000_000, optimizer: { rate: 0.05, momentum: 0.9 }, ...phase }],
  });
  return { experiment, dataset: syntheticData({ features: 784, classes: 10, count: BATCHES * batch, seed: 1 }) };
}
