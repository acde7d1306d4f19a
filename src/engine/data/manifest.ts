import { DataError } from './dataset.ts';

/** Format of the data folder that is read here; `FORMAT` of scripts/pack-data.mjs. */
export const PACKED_FORMAT = 1;

/** Most bytes that a file, and a half of a set, may inflate to: a damaged manifest must not fill the memory. */
export const MOST_BYTES = 64 * 1024 * 1024;

/** One file. Its name stays in the folder. */
export interface Part {
  file: string;
  bytes: number;
  inflatedBytes: number;
  sha256: string;
}

/** Training or test examples. */
export interface PackedHalf {
  rows: number;
  images: readonly Part[];
  labels: readonly Part[];
}

/** A set as the manifest tells it. */
export interface PackedSet {
  title: string;
  classes: readonly string[];
  /** Height and width of a picture. */
  shape: readonly [number, number];
  /** Of the training pixels, as shares of the largest value. */
  mean: number;
  std: number;
  licence: string;
  source: string;
  train: PackedHalf;
  test: PackedHalf;
}

/** A text as the manifest tells it; a byte is the place of a character among `characters`. */
export interface PackedText {
  title: string;
  characters: string;
  licence: string;
  source: string;
  train: { rows: number; text: readonly Part[] };
  test: { rows: number; text: readonly Part[] };
}

/*
 * Checked by hand and not with a schema library: it would be the largest file of the worker, which a visitor waits for.
 * Each reader takes a value and its path, and gives it back as what it is, or throws.
 */
type Read<T> = (value: unknown, path: string) => T;

const reader = <T>(is: (value: unknown) => boolean, what: string): Read<T> => (value, path) => {
  if (!is(value)) throw new DataError(`The data manifest.json is damaged or of another version${path && ` at ${path}`}: ${what} was expected. Pack the data again: npm run data.`);
  return value as T;
};
const matches = (pattern: RegExp) => (value: unknown): boolean => typeof value === 'string' && pattern.test(value);
const between = (low: number, high: number) => (value: unknown): boolean => typeof value === 'number' && value >= low && value <= high;

const text = reader<string>(matches(/^[^]{0,1000}$/), 'a text');
const size = reader<number>((value) => Number.isInteger(value) && between(1, MOST_BYTES)(value), 'a number of bytes or rows');
const share = reader<number>(between(0, 1), 'a number from 0 to 1');
const object = reader<Record<string, unknown>>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), 'an object');

const list = <T>(read: Read<T>, least: number, most: number): Read<T[]> => (value, path) =>
  reader<unknown[]>((v) => Array.isArray(v) && v.length >= least && v.length <= most, `a list of ${least} to ${most}`)(value, path)
    .map((item, i) => read(item, `${path}.${i}`));

/** Reads the fields of an object, each by its reader; others are left out. */
const fields = <T extends object>(readers: { [Key in keyof T]: Read<T[Key]> }): Read<T> => (value, path) => {
  const given = object(value, path);
  const own = (key: string): unknown => (Object.hasOwn(given, key) ? given[key] : undefined);
  return Object.fromEntries(Object.entries<Read<unknown>>(readers as never).map(([key, read]) => [key, read(own(key), `${path}${path && '.'}${key}`)])) as T;
};

const part = fields<Part & { dtype: 'u8' }>({
  file: reader(matches(/^[\w-][\w.-]*$/), 'the name of a file'), bytes: size, inflatedBytes: size,
  sha256: reader(matches(/^[0-9a-f]{64}$/), 'a sha256'), dtype: reader((value) => value === 'u8', 'u8'),
});
const half = fields<PackedHalf>({ rows: size, images: list(part, 1, 1000), labels: list(part, 1, 1000) });
const packedSet = fields<PackedSet>({
  title: text, classes: list(text, 2, 256), shape: list(size, 2, 2) as Read<never>, mean: share,
  std: reader((value) => between(0, 1)(value) && value !== 0, 'a number above 0, at most 1'), licence: text, source: text, train: half, test: half,
});
const textHalf = fields<PackedText['train']>({ rows: size, text: list(part, 1, 1000) });
const packedText = fields<PackedText>({
  title: text, characters: reader(matches(/^[^]{2,256}$/), 'two to 256 characters'), licence: text, source: text, train: textHalf, test: textHalf,
});
const manifest = fields<{ format: number; encoding: string; datasets: Record<string, unknown> }>({
  format: reader((value) => value === PACKED_FORMAT, `format ${PACKED_FORMAT}`), encoding: reader((value) => value === 'zlib', 'zlib'), datasets: object,
});

/**
 * The set of images `id` of a manifest that was parsed as JSON.
 * @throws DataError that names the place where it is damaged, or the sets that it knows
 */
export const setOfManifest = (json: unknown, id: string): PackedSet => packedSet(entryOf(json, id), id);

/** The text `id` of a manifest, as `setOfManifest` gives a set. */
export const textOfManifest = (json: unknown, id: string): PackedText => packedText(entryOf(json, id), id);

function entryOf(json: unknown, id: string): unknown {
  const { datasets } = manifest(json, '');
  if (Object.hasOwn(datasets, id)) return datasets[id];
  throw new DataError(`The data manifest.json does not know ${id}; it knows ${Object.keys(datasets).join(', ') || 'nothing'}. Pack the data again: npm run data.`);
}
