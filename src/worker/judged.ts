import { claimDatasets } from '../engine/claims/dataset.ts';
import { fetchFrom } from './data.ts';

export { evaluatedFrom } from '../engine/claims/value.ts';

const loaders = new Map<string, ReturnType<typeof claimDatasets>>();

/** Loads sets with all test examples of the whole that they are a part of; the newest stays for the run after. @param dataUrl folder of the packed data, ends with a slash */
export function wholeTest(dataUrl: string): ReturnType<typeof claimDatasets> {
  const loader = loaders.get(dataUrl) ?? claimDatasets(fetchFrom(dataUrl));
  loaders.set(dataUrl, loader);
  return loader;
}
