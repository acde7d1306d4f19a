import * as v from 'valibot';
import { sha256 } from '../gpu/hash.ts';
import { DataError, type Dataset, type Examples, type FetchBytes } from './dataset.ts';
import { inflateInto } from './inflate.ts';

/** Format of the data folder that is read here; `FORMAT` of scripts/pack-data.mjs. */
export const PACKED_FORMAT = 1;

/** Most bytes that a file, and a half of a set, may inflate to: a damaged manifest must not fill the memory. */
const MOST_BYTES = 64 * 1024 * 1024;

const AGAIN = 'Load the page again, or pack the data again: npm run data.';

const text = v.pipe(v.string(), v.maxLength(1000));
const size = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_BYTES));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** One file. Its name stays in the folder. */
const part = v.object({
  file: v.pipe(text, v.regex(/^[\w-][\w.-]*$/)),
  bytes: size,
  inflatedBytes: size,
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  dtype: v.literal('u8'),
});
const parts = v.pipe(v.array(part), v.minLength(1), v.maxLength(1000));
const half = v.object({ rows: size, images: parts, labels: parts });
const packedSet = v.object({
  title: text,
  classes: v.pipe(v.array(text), v.minLength(2), v.maxLength(256)),
  shape: v.strictTuple([size, size]),
  mean: share,
  std: v.pipe(share, v.gtValue(0)),
  licence: text,
  source: text,
  train: half,
  test: half,
});
const manifest = v.object({ format: v.literal(PACKED_FORMAT), encoding: v.literal('zlib'), datasets: v.record(v.string(), v.unknown()) });

type Part = v.InferOutput<typeof part>;
type PackedHalf = v.InferOutput<typeof half>;
type PackedSet = v.InferOutput<typeof packedSet>;

/**
 * Reads a packed set of images, normalised to mean 0 and standard deviation 1 over the training pixels.
 * `tell` hears of compressed bytes as they come in.
 * @throws DataError where the manifest does not know it, or a file is missing, cut off, damaged or not the one packed.
 */
export async function loadPacked(id: string, fetchBytes: FetchBytes, tell?: (done: number, total: number) => void): Promise<Dataset> {
  const set = await readManifest(id, fetchBytes);
  const [height, width] = set.shape;
  const told = tell && tellWithProgress(set, fetchBytes, tell);
  const read = (name: 'train' | 'test'): Promise<Examples> => readHalf(`${id}, ${name}`, set[name], width * height, set.classes.length, told ?? fetchBytes);
  const [train, test] = await Promise.all([read('train'), read('test')]);
  return {
    id, title: set.title, features: width * height, classes: set.classes.length, train, test,
    scale: 1 / 255 / set.std, shift: -set.mean / set.std, mean: set.mean, std: set.std,
    image: { width, height }, licence: set.licence, source: set.source,
  };
}

async function readManifest(id: string, fetchBytes: FetchBytes): Promise<PackedSet> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(await fetchBytes('manifest.json')));
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError('The data manifest.json is no JSON. Pack the data again: npm run data.');
  }
  const { datasets } = checked(manifest, json, '');
  if (!Object.hasOwn(datasets, id)) {
    throw new DataError(`The data manifest.json does not know ${id}; it knows ${Object.keys(datasets).join(', ') || 'nothing'}. Pack the data again: npm run data.`);
  }
  return checked(packedSet, datasets[id], id);
}

function checked<Schema extends v.GenericSchema>(schema: Schema, value: unknown, where: string): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = [where, v.getDotPath(issue)].filter(Boolean).join('.');
  throw new DataError(`The data manifest.json is damaged or of another version${path && ` at ${path}`}: ${issue.message}. Pack the data again: npm run data.`);
}

/** The same files; `tell` hears of their bytes together. */
function tellWithProgress(set: PackedSet, fetchBytes: FetchBytes, tell: (done: number, total: number) => void): FetchBytes {
  const all = [set.train, set.test].flatMap(({ images, labels }) => [...images, ...labels]);
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

/** The files, one after another, inflated in place. */
async function readParts(name: string, list: readonly Part[], length: number, fetchBytes: FetchBytes): Promise<Uint8Array> {
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
