import { unzlibSync } from 'fflate';
import { sha256 } from '../gpu/hash.ts';
import { DataError, type Dataset, type Examples, type FetchBytes } from './dataset.ts';

/** One file of the data folder; see docs/data.md. */
interface Part {
  file: string;
  inflatedBytes: number;
  sha256: string;
}

/** What the manifest says of a set, as far as it is used here. */
interface PackedSet {
  title: string;
  classes: readonly string[];
  shape: readonly number[];
  mean: number;
  std: number;
  licence: string;
  source: string;
  train: PackedHalf;
  test: PackedHalf;
}
interface PackedHalf {
  rows: number;
  images: readonly Part[];
  labels: readonly Part[];
}

/** Largest file that is inflated: a damaged manifest must not fill the memory. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Reads a packed set of images.
 * @throws DataError where the manifest does not know it, a file is missing, damaged or not the one that was packed.
 */
export async function loadPacked(id: string, fetchBytes: FetchBytes, tell?: (done: number, total: number) => void): Promise<Dataset> {
  const set = await manifestEntry(id, fetchBytes);
  const halves = [set.train, set.test];
  const parts = halves.flatMap((h) => [...h.images, ...h.labels]);
  let done = 0;
  const total = parts.reduce((sum, p) => sum + p.inflatedBytes, 0);
  const read = async (half: PackedHalf): Promise<Examples> => {
    const join = async (list: readonly Part[]): Promise<Uint8Array> => {
      const pieces = await Promise.all(list.map(async (part) => {
        const bytes = await readPart(part, fetchBytes);
        tell?.((done += bytes.length), total);
        return bytes;
      }));
      return concatenate(pieces);
    };
    const [values, labels] = await Promise.all([join(half.images), join(half.labels)]);
    return { count: half.rows, values, labels };
  };
  const [train, test] = await Promise.all([read(set.train), read(set.test)]);
  const [height = 1, width = 1] = set.shape;
  for (const half of [train, test]) {
    if (half.values.length !== half.count * width * height || half.labels.length !== half.count) throw new DataError(`The files of ${id} hold another number of examples than the manifest says. Pack the data again: npm run data.`);
  }
  return {
    id, title: set.title, features: width * height, classes: set.classes.length, train, test,
    scale: 1 / 255 / set.std, shift: -set.mean / set.std, mean: set.mean, std: set.std, image: { width, height }, licence: set.licence, source: set.source,
  };
}

async function manifestEntry(id: string, fetchBytes: FetchBytes): Promise<PackedSet> {
  const text = new TextDecoder().decode(await fetchBytes('manifest.json'));
  let manifest: { datasets?: Record<string, PackedSet> };
  try {
    manifest = JSON.parse(text) as typeof manifest;
  } catch {
    throw new DataError('data/manifest.json is no JSON. Pack the data again: npm run data.');
  }
  const sets = manifest.datasets ?? {};
  const set = Object.hasOwn(sets, id) ? sets[id] : undefined;
  if (!set || !set.train || !set.test || !(set.std > 0)) throw new DataError(`data/manifest.json does not know ${id}; it knows ${Object.keys(sets).join(', ') || 'nothing'}. Pack the data again: npm run data.`);
  return set;
}

async function readPart(part: Part, fetchBytes: FetchBytes): Promise<Uint8Array> {
  const stored = await fetchBytes(part.file);
  if (!(part.inflatedBytes <= MOST_BYTES)) throw new DataError(`${part.file} claims ${part.inflatedBytes} bytes, more than ${MOST_BYTES}.`);
  let bytes: Uint8Array;
  try {
    // With room given, fflate stops at its end: a bomb cannot grow.
    bytes = unzlibSync(stored, { out: new Uint8Array(part.inflatedBytes) });
  } catch {
    throw new DataError(`${part.file} is damaged and cannot be inflated. Load the page again, or pack the data again: npm run data.`);
  }
  if (bytes.length !== part.inflatedBytes || (await sha256(bytes)) !== part.sha256) throw new DataError(`${part.file} is not the file that was packed: its sha256 differs. Load the page again, or pack the data again: npm run data.`);
  return bytes;
}

function concatenate(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1) return pieces[0] as Uint8Array;
  const all = new Uint8Array(pieces.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
