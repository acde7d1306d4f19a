import { experimentFrom, type PhaseParts } from '../engine/experiment/defaults.ts';
import type { Experiment, MasksSpec } from '../engine/experiment/experiment.ts';
import type { Dataset } from '../engine/data/dataset.ts';
import type { Storage } from '../engine/sparsity/formats/index.ts';
import { syntheticData } from '../peers/same.ts';

/** Batches that take turns. */
const BATCHES = 8;

/** What masks must switch as one for a format to pay; a format that takes any mask needs no line. */
const MASKS: Partial<Record<Storage, Partial<MasksSpec>>> = { block: { granularity: 'block', blockSize: '16' }, nm: { granularity: 'nm', share: '8' } };

/**
 * An MLP from 784 inputs, or as many as `others` says, to 10 classes with these hidden layers, trained with momentum on random
 * points; its masks are such as the format asks for, unless `others` has them.
 */
export function sparseNetwork(hidden: readonly number[], batch: number, phase: PhaseParts, others: { features?: number; masks?: Partial<MasksSpec> } = {}): { experiment: Experiment; dataset: Dataset } {
  const { features = 784, masks = MASKS[phase.format ?? 'masked'] ?? {} } = others;
  const experiment = experimentFrom({
    preset: 'rigl-mnist', seed: 1, data: { set: 'moons', batch, noise: 0, samples: BATCHES * batch }, model: { hidden }, masks,
    evaluateEvery: 1_000_000, beside: { random: false, dense: false },
    phases: [{ steps: 1_000_000, optimizer: { rate: 0.05, momentum: 0.9 }, ...phase }],
  });
  return { experiment, dataset: syntheticData({ features, classes: 10, count: BATCHES * batch, seed: 1 }) };
}
