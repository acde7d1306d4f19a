import { sha256 } from '../gpu/hash.ts';
import { DataError, type Dataset, type Examples, type FetchBytes } from './dataset.ts';
import { inflateInto } from './inflate.ts';
import { MOST_BYTES, type PackedHalf, type Part, setOfManifest } from './manifest.ts';

const AGAIN = 'Load the page again, or pack the data again: npm run data.';

/**
 * Reads a packed set of images, normalised to mean 0 and standard deviation 1 over the training pixels.
 * `tell` hears of compressed bytes as they come in.
 * @throws DataError where the manifest does not know it, or a file is missing, cut off, damaged or not the one packed.
 */
export async function loadPacked(id: string, fetchBytes: FetchBytes, tell?: (done: number, total: number) => void): Promise<Dataset> {
  const set = setOfManifest(await readManifest(fetchBytes), id);
  const [height, width] = set.shape;
  const told = tell && tellWithProgress([set.train, set.test].flatMap(({ images, labels }) => [...images, ...labels]), fetchBytes, tell);
  const read = (name: 'train' | 'test'): Promise<Examples> => readHalf(`${id}, ${name}`, set[name], width * height, set.classes.length, told ?? fetchBytes);
  const [train, test] = await Promise.all([read('train'), read('test')]);
  return {
    id, title: set.title, features: width * height, classes: set.classes.length, train, test,
    scale: 1 / 255 / set.std, shift: -set.mean / set.std, mean: set.mean, std: set.std,
    image: { width, height }, licence: set.licence, source: set.source,
  };
}

/** The manifest of the data folder, as JSON. @throws DataError where it is none. */
export async function readManifest(fetchBytes: FetchBytes): Promise<unknown> {
  try {
    return JSON.parse(new TextDecoder().decode(await fetchBytes('manifest.json')));
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError('The data manifest.json is no JSON. Pack the data again: npm run data.');
  }
}

/** The same files; `tell` hears of their bytes together. */
export function tellWithProgress(all: readonly Part[], fetchBytes: FetchBytes, tell: (done: number, total: number) => void): FetchBytes {
  const total = all.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  return async (file) => {
    let before = 0;
    const received = (bytes: number): void => {
      if (bytes === before) return;
      done += bytes - before;
      before = bytes;
      tell(done, total);
    };
    const bytes = await fetchBytes(file, received);
    received(bytes.length);
    return bytes;
  };
}

async function readHalf(name: string, { rows, images, labels }: PackedHalf, features: number, classes: number, fetchBytes: FetchBytes): Promise<Examples> {
  const [values, classOf] = await Promise.all([
    readParts(`${name} images`, images, rows * features, fetchBytes),
    readParts(`${name} labels`, labels, rows, fetchBytes),
  ]);
  // Kernels use a label as an index.
  if (classOf.some((label) => label >= classes)) throw new DataError(`A label of ${name} is none of the ${classes} classes. Pack the data again: npm run data.`);
  return { count: rows, values, labels: classOf };
}

/** The files, one after another, inflated in place. @throws DataError where they are not `length` bytes in all, or not those packed. */
export async function readParts(name: string, list: readonly Part[], length: number, fetchBytes: FetchBytes): Promise<Uint8Array> {
  const given = list.reduce((sum, { inflatedBytes }) => sum + inflatedBytes, 0);
  if (given !== length || length > MOST_BYTES) {
    throw new DataError(`The data manifest.json is damaged: the files of ${name} hold ${given} bytes, of ${length} that are wanted and ${MOST_BYTES} that are allowed. Pack the data again: npm run data.`);
  }
  const whole = new Uint8Array(length);
  let end = 0;
  await Promise.all(list.map((part) => readPart(part, whole.subarray(end, (end += part.inflatedBytes)), fetchBytes)));
  return whole;
}

async function readPart({ file, bytes, sha256: expected }: Part, out: Uint8Array, fetchBytes: FetchBytes): Promise<void> {
  const stored = await fetchBytes(file);
  if (stored.length !== bytes) throw new DataError(`${file} has ${stored.length} bytes instead of ${bytes}: it was cut off, or is another file. ${AGAIN}`);
  const written = await inflateInto(out, stored).catch(() => undefined);
  if (written === undefined) throw new DataError(`${file} is damaged and cannot be inflated. ${AGAIN}`);
  if (written !== out.length || (await sha256(out)) !== expected) throw new DataError(`${file} is not the file that was packed: its sha256 differs. ${AGAIN}`);
}
