import type { DataSpec } from '../experiment/experiment.ts';
import { DATASETS, type DatasetId } from './cards.ts';
import { DataError, type Dataset, type FetchBytes } from './dataset.ts';
import { loadPacked } from './packed.ts';

/** Makes or reads a set; `tell` hears of compressed bytes as they come in. */
type Loader = (spec: DataSpec, seed: number, fetchBytes: FetchBytes, tell?: (done: number, total: number) => void) => Promise<Dataset>;

/** How each set comes to be; what generates them is apart, because the page's first load has no use for it. To add one: a file that makes a Dataset, its card in cards.ts, and its line here. */
const LOADERS: Readonly<Record<DatasetId, Loader>> = {
  'mnist-10k': (_, __, fetchBytes, tell) => loadPacked('mnist-10k', fetchBytes, tell),
  mnist: (_, __, fetchBytes, tell) => loadPacked('mnist', fetchBytes, tell),
  'fashion-mnist-10k': (_, __, fetchBytes, tell) => loadPacked('fashion-mnist-10k', fetchBytes, tell),
  'fashion-mnist': (_, __, fetchBytes, tell) => loadPacked('fashion-mnist', fetchBytes, tell),
  'moby-dick': async ({ context }, _, fetchBytes, tell) => (await import('./text.ts')).loadText('moby-dick', context, fetchBytes, tell),
  moons: async (spec, seed) => (await import('./generated.ts')).twoMoons(spec, seed),
  spirals: async (spec, seed) => (await import('./generated.ts')).spirals(spec, seed),
  teacher: async (spec, seed) => (await import('./generated.ts')).teacherStudent(spec, seed),
};

/**
 * Loads or generates the set that `spec` names; generated ones are a function of (spec, seed), the same bits everywhere.
 * Where it asks for validation, the test half is a part of the training set.
 * @throws DataError for an unknown id, listing the known ones, and where the data cannot be had.
 */
export async function loadDataset(spec: DataSpec, seed: number, fetchBytes: FetchBytes, tell?: (done: number, total: number) => void): Promise<Dataset> {
  if (!Object.hasOwn(DATASETS, spec.set)) throw new DataError(`There is no data set ${spec.set}; there are ${Object.keys(DATASETS).join(', ')}.`);
  const whole = await LOADERS[spec.set as DatasetId](spec, seed, fetchBytes, tell);
  return spec.evaluateOn === 'validation' ? (await import('./heldOut.ts')).heldOut(whole) : whole;
}
