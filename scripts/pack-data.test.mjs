import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { unzlibSync } from 'fflate';
import { expect, test } from 'vitest';
import { DATA_FOLDER, ensureData, isPacked, parseIdx, pixelStatistics, splitRows } from './pack-data.mjs';

/** @returns {import('./pack-data.mjs').Manifest} */
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
  for (const { train, test: held } of Object.values(manifest().datasets)) {
    for (const part of [...train.images, ...train.labels, ...held.images, ...held.labels]) {
      const packed = readFileSync(join(DATA_FOLDER, part.file));
      const values = inflateSync(packed);
      expect([part.file, packed.length, values.length]).toEqual([part.file, part.bytes, part.inflatedBytes]);
      expect(part.shape.reduce((product, extent) => product * extent, 1)).toBe(values.length);
      expect(createHash('sha256').update(values).digest('hex')).toBe(part.sha256);
    }
  }
});

test('what the page ships is at most 2.2 MB, and the rest begins with the same files', () => {
  const { 'mnist-10k': small, mnist: full } = manifest().datasets;
  if (!small || !full) throw new Error('A dataset is missing.');
  const parts = [...small.train.images, ...small.train.labels, ...small.test.images, ...small.test.labels];
  expect(parts.reduce((sum, part) => sum + part.bytes, 0)).toBeLessThanOrEqual(2_200_000);
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

test('a folder without a manifest is not packed', () => {
  expect(isPacked(join(DATA_FOLDER, 'nowhere'))).toBe(false);
});
