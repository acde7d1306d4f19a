import type { DataSpec } from '../experiment/experiment.ts';
import { DataError, type Dataset, type FetchBytes } from './dataset.ts';
import { spirals, teacherStudent, twoMoons } from './generated.ts';
import { loadPacked } from './packed.ts';

/** What is known of a data set before it is loaded. */
export interface DatasetCard {
  id: string;
  title: string;
  sentence: string;
  features: number;
  classes: number;
  image?: { width: number; height: number };
  /** Compressed bytes that the page fetches; 0 for generated sets. */
  downloadBytes: number;
  /** `tell` hears of compressed bytes as they come in. */
  load(spec: DataSpec, seed: number, fetchBytes: FetchBytes, tell?: (done: number, total: number) => void): Promise<Dataset>;
}

const digits = { features: 784, classes: 10, image: { width: 28, height: 28 } } as const;
const points = { features: 2, classes: 2, downloadBytes: 0 } as const;

/** Every data set by id. To add one: a file that makes a Dataset, and its entry here. */
export const DATASETS: Readonly<Record<string, DatasetCard>> = {
  'mnist-10k': { id: 'mnist-10k', title: 'Digits, 10,000', sentence: '10,000 + 2,000 handwritten digits of MNIST.', ...digits, downloadBytes: 1_970_000, load: (_, __, fetchBytes, tell) => loadPacked('mnist-10k', fetchBytes, tell) },
  mnist: { id: 'mnist', title: 'Digits, all 60,000', sentence: 'All 60,000 + 10,000 handwritten digits of MNIST.', ...digits, downloadBytes: 11_450_000, load: (_, __, fetchBytes, tell) => loadPacked('mnist', fetchBytes, tell) },
  moons: { id: 'moons', title: 'Two moons', sentence: 'Two interleaved half circles; every method solves them.', ...points, load: async (spec, seed) => twoMoons(spec, seed) },
  spirals: { id: 'spirals', title: 'Two spirals', sentence: 'Two spiral arms of one and a half turns.', ...points, load: async (spec, seed) => spirals(spec, seed) },
  teacher: { id: 'teacher', title: 'Teacher and student', sentence: 'Points labelled by a random network.', features: 16, classes: 4, downloadBytes: 0, load: async (spec, seed) => teacherStudent(spec, seed) },
};

/**
 * Loads or generates the set that `spec` names; generated ones are a function of (spec, seed), the same bits everywhere.
 * @throws DataError for an unknown id, listing the known ones, and where the data cannot be had.
 */
export async function loadDataset(spec: DataSpec, seed: number, fetchBytes: FetchBytes, tell?: (done: number, total: number) => void): Promise<Dataset> {
  const card = Object.hasOwn(DATASETS, spec.set) ? DATASETS[spec.set] : undefined;
  if (!card) throw new DataError(`There is no data set ${spec.set}; there are ${Object.keys(DATASETS).join(', ')}.`);
  return card.load(spec, seed, fetchBytes, tell);
}
