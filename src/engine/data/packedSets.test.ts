import { describe, expect, test } from 'vitest';
import { nodeData } from '../../node/data.ts';
import { DATASETS, datasetCard, type DatasetCard } from './cards.ts';
import { digest, histogram } from './data.testing.ts';
import type { Dataset } from './dataset.ts';
import { loadDataset } from './index.ts';

/** Each set is loaded once for all tests; `told` is the progress that was told. */
const loaded = new Map<string, Promise<Dataset & { told: [number, number][] }>>();
function packedSet(id: string): Promise<Dataset & { told: [number, number][] }> {
  const told: [number, number][] = [];
  const load = (): Promise<Dataset> => loadDataset({ set: id, batch: 16, noise: 0, samples: 16, evaluateOn: 'test', context: 16 }, 3, nodeData(), (...amount) => told.push(amount));
  if (!loaded.has(id)) loaded.set(id, load().then((data) => ({ ...data, told })));
  return loaded.get(id)!;
}
const cards: readonly DatasetCard[] = Object.values(DATASETS);
const packed = cards.filter(({ downloadBytes }) => downloadBytes > 0).map(({ id }) => id);
const images = cards.filter(({ image }) => image).map(({ id }) => id);

/** sha256 of values and labels, training and test: the split by a fixed seed must never change. */
const GARMENTS_SHA256 = [
  ['0e7c43e178f22513fedbdc4cba0f84353ec9d455d05d7676f3b818637d71626e', 'a8633389c8678a2f60003ff02da64ce53153c038ec1ff49a8e855f4369b38ecb'],
  ['09247891f068508fa5a399a386dd481e6dc6166a7a27b64407dfc0648ece4d85', 'f0bff34b9309e8736ab9e6760b0bec45566ab4c0251a4efaa13a84b5936de5e2'],
];

describe('packed sets', () => {
  test.each(images)('%s is what its card says', async (id) => {
    const card = datasetCard(id)!;
    const data = await packedSet(id);
    expect(data).toMatchObject({ id: card.id, features: card.features, classes: card.classes });
    expect(data.image).toEqual(card.image);
    for (const { count, values, labels } of [data.train, data.test]) {
      expect([values.length, labels.length]).toEqual([count * card.features, count]);
      expect(Math.min(...histogram(labels, card.classes)) / count).toBeGreaterThan(0.05);
      expect(histogram(labels, card.classes).reduce((a, b) => a + b)).toBe(count);
    }
  });

  test('mnist is the digits: counts, order, mean and deviation of the ink', async () => {
    const data = await packedSet('mnist');
    expect([data.train.count, data.test.count]).toEqual([60_000, 10_000]);
    // Counts of the ten digits, as published.
    expect(histogram(data.train.labels, 10)).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    expect(histogram(data.test.labels, 10)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
    // The original begins with 5 0 4 1 9 2 1 3 1 4 3 5; the first two of every 12 come in front.
    expect([...data.train.labels.subarray(0, 2), ...data.train.labels.subarray(10_000, 10_010)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4, 3, 5]);
    expect([data.mean, data.std].map((value) => value.toFixed(4))).toEqual(['0.1307', '0.3081']);
  });

  test('fashion-mnist is the garments: 6,000 + 1,000 of each class, mean and deviation, the frozen split', async () => {
    const { train, test: held, mean, std } = await packedSet('fashion-mnist');
    expect([histogram(train.labels, 10), histogram(held.labels, 10)]).toEqual([new Array(10).fill(6000), new Array(10).fill(1000)]);
    expect([mean, std].map((value) => value.toFixed(4))).toEqual(['0.2863', '0.3530']);
    expect([train, held].map(({ values, labels }) => [digest(values), digest(labels)])).toEqual(GARMENTS_SHA256);
  });

  test('fashion-mnist-10k is balanced', async () => {
    const { train, test: held } = await packedSet('fashion-mnist-10k');
    expect([histogram(train.labels, 10), histogram(held.labels, 10)]).toEqual([new Array(10).fill(1000), new Array(10).fill(200)]);
  });

  test.each(images)('%s is normalised by scale and shift', async (id) => {
    const data = await packedSet(id);
    const counts = histogram(data.train.values as Uint8Array, 256);
    const total = data.train.values.length;
    const moment = (power: number): number => counts.reduce((sum, n, byte) => sum + n * (byte * data.scale + data.shift) ** power, 0) / total;
    expect(moment(1)).toBeCloseTo(0, 9);
    expect(moment(2)).toBeCloseTo(1, 9);
  });

  test.each(['mnist', 'fashion-mnist'])('%s begins with its subset', async (id) => {
    const [all, some] = await Promise.all([id, `${id}-10k`].map(packedSet));
    for (const half of ['train', 'test'] as const) {
      expect(digest(all![half].labels.subarray(0, some![half].count))).toBe(digest(some![half].labels));
      expect(digest(all![half].values.subarray(0, some![half].values.length))).toBe(digest(some![half].values));
    }
  });

  test('moby-dick is the book, from Ishmael to the orphan, in windows', async () => {
    const { text, train, test: held, features, classes } = await packedSet('moby-dick');
    expect([features, classes, text?.characters.length]).toEqual([16, datasetCard('moby-dick')!.classes, classes]);
    const words = (codes: Uint8Array | Float32Array): string => Array.from(codes, (code) => text!.characters[code]).join('');
    expect(words(train.values.subarray(0, 36))).toBe('CHAPTER 1. Loomings.\nCall me Ishmael');
    expect(words(held.values.subarray(-8))).toBe('orphan.\n');
    expect(train.values.length / (train.values.length + held.values.length)).toBeCloseTo(0.9, 4);
    // The last window leaves one character behind it.
    expect(train.count).toBe(train.values.length - 16);
    expect(held.count).toBe(128);
    expect((held.count - 1) * text!.stride.test + 16).toBeLessThan(held.values.length);
  });

  test('for validation the end of the training text is held out, and the test text is not looked at', async () => {
    const load = (evaluateOn: 'test' | 'validation'): Promise<Dataset> => loadDataset({ set: 'moby-dick', batch: 16, noise: 0, samples: 16, evaluateOn, context: 16 }, 3, nodeData());
    const [whole, held] = await Promise.all([load('test'), load('validation')]);
    expect(digest(Uint8Array.of(...held.train.values.subarray(0, 1000)))).toBe(digest(Uint8Array.of(...whole.train.values.subarray(0, 1000))));
    expect(held.train.values.length + held.test.values.length).toBe(whole.train.values.length);
    expect([...held.test.values.subarray(-100)]).toEqual([...whole.train.values.subarray(-100)]);
  });

  test.each(packed)('%s takes the bytes that the card says', async (id) => {
    const [done, total] = (await packedSet(id)).told.at(-1)!;
    expect(done).toBe(total);
    expect(total / datasetCard(id)!.downloadBytes).toBeCloseTo(1, 2);
  });
});
