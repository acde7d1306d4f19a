import type { DataSpec } from '../experiment/experiment.ts';
import { datasetCard } from './cards.ts';
import type { Dataset, Examples } from './dataset.ts';
import { textDataset } from './text.ts';

/** One in this many training examples is held out for validation. */
export const HELD_OUT = 5;

/** How many examples the accuracies of an experiment are measured on: those of the test set, or of the validation split; 0 for an unknown set. */
export function evaluatedExamples({ set, samples, evaluateOn }: Pick<DataSpec, 'set' | 'samples' | 'evaluateOn'>): number {
  const card = datasetCard(set);
  if (!card) return 0;
  return evaluateOn === 'test' || card.text ? card.testExamples : Math.floor((card.trainExamples ?? samples) / HELD_OUT);
}

/**
 * The set with every fifth training example as its test half and the others to train on, so that settings can be chosen
 * without a look at the test set. Classes stay in proportion as long as the stored order does not turn through them by
 * five: ours are in random order, in runs, or in turns of two. Of a text it is the last fifth: windows overlap. Scale and shift stay those of all training examples.
 */
export function heldOut(dataset: Dataset): Dataset {
  if (dataset.text) return heldOutText(dataset, dataset.text.characters);
  const { train, features } = dataset;
  const isHeldOut = (i: number): boolean => i % HELD_OUT === HELD_OUT - 1;
  return { ...dataset, train: chosen(train, features, (i) => !isHeldOut(i)), test: chosen(train, features, isHeldOut) };
}

function heldOutText(dataset: Dataset, characters: string): Dataset {
  const codes = dataset.train.values as Uint8Array;
  const end = codes.length - Math.floor(codes.length / HELD_OUT);
  return textDataset({ ...dataset, characters, context: dataset.features, train: codes.subarray(0, end), test: codes.subarray(end) });
}

function chosen({ count, values, labels }: Examples, features: number, keep: (i: number) => boolean): Examples {
  const rows = Array.from({ length: count }, (_, i) => i).filter(keep);
  const length = rows.length * features;
  const kept = values instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length);
  rows.forEach((row, i) => kept.set(values.subarray(row * features, (row + 1) * features), i * features));
  return { count: rows.length, values: kept, labels: Uint8Array.from(rows, (row) => labels[row] as number) };
}
