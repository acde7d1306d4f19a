import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { unzlibSync } from 'fflate';
import { expect, test } from 'vitest';
import { DATASETS } from '../src/engine/data/cards.ts';
import { DATA_FOLDER, ensureData, isPacked } from './pack-data.mjs';
import { parseIdx, splitRows } from './pack-digits.mjs';
import { imagesOfClass, splitBySeed } from './pack-fashion.mjs';
import { partsOf, pixelStatistics } from './packed-files.mjs';

/** Images, but for the one text. @returns {{ datasets: Record<string, import('./packed-files.mjs').Dataset> }} */
function manifest() {
  ensureData();
  return JSON.parse(readFileSync(join(DATA_FOLDER, 'manifest.json'), 'utf8'));
}

test('an IDX file gives its shape and values, and a wrong length is refused', () => {
  const file = Uint8Array.from([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6]);
  expect(parseIdx(file)).toEqual({ shape: [2, 3], values: Uint8Array.from([1, 2, 3, 4, 5, 6]) });
  expect(() => parseIdx(file.subarray(0, 17))).toThrow('5 bytes instead of 6');
  expect(() => parseIdx(Uint8Array.from([1, 2, 3]))).toThrow('Not an IDX file');
});

test('the two halves of a split are every row once, with both parities alike in the subset', () => {
  const { subset, rest } = splitRows(60, 12);
  expect([...subset, ...rest].sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, row) => row));
  expect(subset).toEqual([0, 1, 12, 13, 24, 25, 36, 37, 48, 49]);
});

test('statistics are those of byte / 255', () => {
  expect(pixelStatistics([Uint8Array.from([0, 255]), Uint8Array.from([0, 255])])).toEqual({ mean: 0.5, std: 0.5 });
});

test('every part has the length, the shape and the hash that the manifest says', () => {
  for (const set of Object.values(manifest().datasets)) {
    for (const part of partsOf(set)) {
      const packed = readFileSync(join(DATA_FOLDER, part.file));
      const values = inflateSync(packed);
      expect([part.file, packed.length, values.length]).toEqual([part.file, part.bytes, part.inflatedBytes]);
      expect(part.shape.reduce((product, extent) => product * extent, 1)).toBe(values.length);
      expect(createHash('sha256').update(values).digest('hex')).toBe(part.sha256);
    }
  }
});

test('the digits to start with are at most 2.2 MB, and the rest begins with the same files', () => {
  const { 'mnist-10k': small, mnist: full } = manifest().datasets;
  if (!small || !full) throw new Error('A dataset is missing.');
  expect(partsOf(small).reduce((sum, part) => sum + part.bytes, 0)).toBeLessThanOrEqual(2_200_000);
  expect([small.train.rows, small.test.rows, full.train.rows, full.test.rows]).toEqual([10_000, 2_000, 60_000, 10_000]);
  expect(full.train.images[0]).toEqual(small.train.images[0]);
  expect(full.test.labels[0]).toEqual(small.test.labels[0]);
});

test('digits are the real ones: known counts of each class, known mean and deviation, the first digits', () => {
  const { mnist } = manifest().datasets;
  if (!mnist) throw new Error('mnist is missing.');
  const labels = mnist.train.labels.flatMap((part) => [...unzlibSync(readFileSync(join(DATA_FOLDER, part.file)))]);
  const counts = Array.from({ length: 10 }, (_, digit) => labels.filter((label) => label === digit).length);
  expect(counts).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
  expect(labels.slice(0, 2)).toEqual([5, 0]);
  expect(mnist.mean).toBeCloseTo(0.1307, 4);
  expect(mnist.std).toBeCloseTo(0.3081, 4);
});

test('the subset is fair: every class within 15 % of its share, ink within 1 % of the whole', () => {
  const { 'mnist-10k': small, mnist: full } = manifest().datasets;
  if (!small || !full) throw new Error('A dataset is missing.');
  for (const split of /** @type {const} */ (['train', 'test'])) {
    const labels = small[split].labels.flatMap((part) => [...inflateSync(readFileSync(join(DATA_FOLDER, part.file)))]);
    for (let digit = 0; digit < 10; digit += 1) {
      const share = labels.filter((label) => label === digit).length / labels.length;
      expect(share).toBeGreaterThan(0.085);
      expect(share).toBeLessThan(0.12);
    }
  }
  expect(Math.abs(small.mean / full.mean - 1)).toBeLessThan(0.01);
});

test('rows of garments that are no image are counted and left out', () => {
  const image = Array.from({ length: 784 }, (_, i) => i % 256);
  const { images, count, malformed } = imagesOfClass({ data: [image, [], image.with(5, 256), image.with(5, 0.5), image.slice(1), image.with(0, 9)] }, '0.json');
  expect([count, malformed]).toEqual([2, 4]);
  expect([...images]).toEqual([...image, ...image.with(0, 9)]);
  expect(() => imagesOfClass([image], '3.json')).toThrow('3.json of fashion-mnist has no list of images');
});

test('the split by a seed takes every row once, the same number of each class, in another order for another seed', () => {
  const labels = Uint8Array.from({ length: 60 }, (_, row) => row % 3);
  const ofClass = { test: 5, subsetTrain: 4, subsetTest: 2 };
  const split = splitBySeed(labels, 1, ofClass);
  const lists = [split.train.subset, split.train.rest, split.test.subset, split.test.rest];
  expect(lists.flat().toSorted((a, b) => a - b)).toEqual(Array.from(labels, (_, row) => row));
  expect(lists.map((rows) => [0, 1, 2].map((label) => rows.filter((row) => labels[row] === label).length))).toEqual([[4, 4, 4], [11, 11, 11], [2, 2, 2], [3, 3, 3]]);
  expect(splitBySeed(labels, 1, ofClass)).toEqual(split);
  expect(splitBySeed(labels, 2, ofClass)).not.toEqual(split);
});

test('class names of the cards are those that were packed, and the garments say that their split is their own', () => {
  const { datasets } = manifest();
  const named = Object.values(DATASETS).flatMap((card) => ('classNames' in card ? [card] : []));
  expect(named.map(({ id }) => id)).toEqual(['fashion-mnist-10k', 'fashion-mnist']);
  for (const { id, classNames, sentence } of named) {
    expect(datasets[id]?.classes).toEqual(classNames);
    for (const words of [datasets[id]?.split, datasets[id]?.source, sentence]) expect(words?.toLowerCase()).toContain('not the canonical');
  }
});

test('a folder with a damaged manifest, a missing set or a missing file is not packed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sparseland-packed-'));
  try {
    const write = (/** @type {unknown} */ value) => writeFileSync(join(folder, 'manifest.json'), JSON.stringify(value));
    for (const damaged of [null, { format: 1 }, { format: 1, datasets: { mnist: {} } }, manifest()]) {
      write(damaged);
      expect(isPacked(folder)).toBe(false);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a folder without a manifest is not packed', () => {
  expect(isPacked(join(DATA_FOLDER, 'nowhere'))).toBe(false);
});
