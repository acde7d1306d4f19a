import { DataError, type Dataset, type Examples, type FetchBytes } from './dataset.ts';
import { textOfManifest } from './manifest.ts';
import { readManifest, readParts, tellWithProgress } from './packed.ts';

/** Most windows of a test text that an evaluation looks at, spread over all of it. */
const TEST_WINDOWS = 128;

/**
 * Reads a packed text. An example is a window of `context` characters, and its labels are the characters that follow each
 * of them: in training a window begins at every character, in testing they are spread and do not overlap.
 * @throws DataError as `loadPacked`, and where the text is shorter than a window.
 */
export async function loadText(id: string, context: number, fetchBytes: FetchBytes, tell?: (done: number, total: number) => void): Promise<Dataset> {
  const set = textOfManifest(await readManifest(fetchBytes), id);
  const told = tell ? tellWithProgress([...set.train.text, ...set.test.text], fetchBytes, tell) : fetchBytes;
  const read = (half: 'train' | 'test'): Promise<Uint8Array> => readParts(`${id}, ${half}`, set[half].text, set[half].rows, told);
  const [train, test] = await Promise.all([read('train'), read('test')]);
  if ([train, test].some((codes) => codes.some((code) => code >= set.characters.length))) throw new DataError(`A byte of ${id} is none of its ${set.characters.length} characters. Pack the data again: npm run data.`);
  return textDataset({ id, title: set.title, characters: set.characters, context, train, test, licence: set.licence, source: set.source });
}

/** A text in memory; `train` and `test` are codes, places among `characters`. @throws DataError where it is shorter than a window */
export function textDataset(text: { id: string; title: string; characters: string; context: number; train: Uint8Array; test: Uint8Array; licence: string; source: string }): Dataset {
  const { id, title, characters, context, licence, source } = text;
  const train = windows(text.train, context, 1);
  const spread = Math.max(context, Math.floor((text.test.length - 1) / TEST_WINDOWS));
  const test = windows(text.test, context, spread, TEST_WINDOWS);
  if (train.count < 1 || test.count < 1) throw new DataError(`${id} is shorter than a window of ${context} characters. Lower data.context.`);
  return {
    id, title, features: context, classes: characters.length, train, test, scale: 1, shift: 0, mean: 0, std: 1, licence, source,
    text: { characters, stride: { train: 1, test: spread } },
  };
}

/** Windows, at most so many, that begin at every `stride`th character and are followed by one more. */
function windows(values: Uint8Array, context: number, stride: number, most = Infinity): Examples {
  return { count: Math.min(most, Math.max(0, Math.floor((values.length - 1 - context) / stride) + 1)), values, labels: new Uint8Array(0) };
}
