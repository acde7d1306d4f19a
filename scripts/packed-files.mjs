/**
 * Writes sets of small grey images as the files that docs/data.md describes. What each set is, and which rows it has,
 * is said by the file that packs it.
 */
import { createHash } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';

/** An image is 28 x 28 bytes. */
export const SIDE = 28;
/** Bytes of an image. */
export const PIXELS = SIDE * SIDE;
/** Rows of a further file: about 1.7 MB of digits when packed, so that progress can be shown between files. */
const ROWS_PER_FILE = 10_000;

/** @typedef {{ file: string, bytes: number, inflatedBytes: number, sha256: string, dtype: 'u8', shape: number[] }} Part */
/** @typedef {{ rows: number, images: Part[], labels: Part[] }} Split */
/** What a person should know of a set, and how its rows were divided.
 * @typedef {{ classes: readonly string[], licence: string, source: string, split: string }} Origin */
/** @typedef {Origin & { title: string, shape: number[], train: Split, test: Split, mean: number, std: number, scale: string }} Dataset */
/** A text: `rows` characters, a byte each, which is a place among `characters`.
 * @typedef {{ title: string, characters: string, licence: string, source: string, split: string,
 *   train: { rows: number, text: Part[] }, test: { rows: number, text: Part[] } }} TextSet */
/** Images [rows, 28, 28] and labels [rows], all u8.
 * @typedef {{ images: Uint8Array, labels: Uint8Array }} Rows */
/** One half of a set: the rows that its small twin has too, and all of them.
 * @typedef {{ subset: Split, full: Split, subsetStatistics: Statistics, fullStatistics: Statistics }} Half */
/** @typedef {{ mean: number, std: number }} Statistics */

/**
 * Writes one half of a set, training or test: first a file of the subset, then the rest in files of 10,000 rows.
 * @param {string} folder
 * @param {string} stem what the files' names begin with
 * @param {Rows} all
 * @param {{ subset: number[], rest: number[] }} order rows of `all`
 * @returns {Half}
 */
export function writeHalf(folder, stem, all, { subset, rest }) {
  const first = takeRows(all, subset);
  const subsetSplit = writeSplit(folder, `${stem}-0`, first);
  const further = slices(rest, ROWS_PER_FILE).map((rows, i) => writeSplit(folder, `${stem}-${i + 1}`, takeRows(all, rows)));
  return {
    subset: subsetSplit,
    full: joinSplits([subsetSplit, ...further]),
    subsetStatistics: pixelStatistics([first.images]),
    fullStatistics: pixelStatistics([takeRows(all, [...subset, ...rest]).images]),
  };
}

/**
 * The manifest's entries of a subset and of the whole set.
 * @param {Half} train
 * @param {Half} test
 * @param {string} name what the rows are, for the titles
 * @param {Origin} origin
 * @returns {{ subset: Dataset, full: Dataset }}
 */
export function describeSets(train, test, name, origin) {
  const entry = (/** @type {'subset' | 'full'} */ which, /** @type {Statistics} */ statistics) => ({
    title: `${name}, ${thousands(train[which].rows)} + ${thousands(test[which].rows)}`,
    classes: origin.classes,
    shape: [SIDE, SIDE],
    train: train[which],
    test: test[which],
    ...statistics,
    scale: 'mean and std are those of byte / 255 over the training rows; normalised = (byte / 255 - mean) / std',
    licence: origin.licence,
    source: origin.source,
    split: origin.split,
  });
  return { subset: entry('subset', train.subsetStatistics), full: entry('full', train.fullStatistics) };
}

/**
 * Mean and standard deviation of all pixels, in units of 0 (paper) to 1 (ink).
 * @param {Uint8Array[]} images
 * @returns {Statistics}
 */
export function pixelStatistics(images) {
  const histogram = /** @type {number[]} */ (Array.from({ length: 256 }, () => 0));
  for (const part of images) for (const value of part) histogram[value] = (histogram[value] ?? 0) + 1;
  const total = histogram.reduce((sum, n) => sum + n, 0);
  const mean = histogram.reduce((sum, n, value) => sum + n * (value / 255), 0) / total;
  const variance = histogram.reduce((sum, n, value) => sum + n * (value / 255 - mean) ** 2, 0) / total;
  return { mean, std: Math.sqrt(variance) };
}

/**
 * All files of a set.
 * @param {Pick<Dataset | TextSet, 'train' | 'test'>} dataset
 * @returns {Part[]}
 */
export function partsOf({ train, test }) {
  return [train, test].flatMap((half) => ('text' in half ? half.text : [...half.images, ...half.labels]));
}

/**
 * Megabytes of a set as served, in words.
 * @param {Pick<Dataset | TextSet, 'train' | 'test'>} dataset
 */
export function megabytes(dataset) {
  return (partsOf(dataset).reduce((sum, { bytes }) => sum + bytes, 0) / 1e6).toFixed(2);
}

/**
 * Another process may read or pack at the same time: a file appears whole or not at all.
 * @param {string} path
 * @param {string | Uint8Array} content
 */
export function writeWhole(path, content) {
  const partial = `${path}.${process.pid}.part`;
  writeFileSync(partial, content);
  renameSync(partial, path);
}

/** @param {Rows} all @param {number[]} rows @returns {Rows} */
function takeRows(all, rows) {
  const images = new Uint8Array(rows.length * PIXELS);
  rows.forEach((row, i) => images.set(all.images.subarray(row * PIXELS, (row + 1) * PIXELS), i * PIXELS));
  return { images, labels: Uint8Array.from(rows, (row) => all.labels[row] ?? 0) };
}

/** @param {string} folder @param {string} stem @param {Rows} rows @returns {Split} */
function writeSplit(folder, stem, { images, labels }) {
  const rows = labels.length;
  return {
    rows,
    images: [writePart(folder, `${stem}-images.bin`, images, [rows, SIDE, SIDE])],
    labels: [writePart(folder, `${stem}-labels.bin`, labels, [rows])],
  };
}

/** Writes one file. @param {string} folder @param {string} file @param {Uint8Array} values @param {number[]} shape @returns {Part} */
export function writePart(folder, file, values, shape) {
  const packed = deflateSync(values, { level: 6, memLevel: 9 });
  writeWhole(join(folder, file), packed);
  const sha256 = createHash('sha256').update(values).digest('hex');
  return { file, bytes: packed.length, inflatedBytes: values.length, sha256, dtype: 'u8', shape };
}

/** @param {Split[]} splits @returns {Split} */
function joinSplits(splits) {
  return {
    rows: splits.reduce((sum, split) => sum + split.rows, 0),
    images: splits.flatMap((split) => split.images),
    labels: splits.flatMap((split) => split.labels),
  };
}

/** @param {number[]} rows @param {number} length */
function slices(rows, length) {
  return Array.from({ length: Math.ceil(rows.length / length) }, (_, i) => rows.slice(i * length, (i + 1) * length));
}

/** @param {number} n */
function thousands(n) {
  return n.toLocaleString('en-US');
}
