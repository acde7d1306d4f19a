import { expect, test } from 'vitest';
import { nodeData } from '../../node/data.ts';
import { bitsOfLoss, textBaselines } from './baselines.ts';
import { loadText, textDataset } from './text.ts';

const text = (train: number[], test: number[]) => textDataset({ id: 'letters', title: '', characters: 'ab', context: 1, train: Uint8Array.from(train), test: Uint8Array.from(test), licence: '', source: '' });

test('of letters that take turns the one before tells the next, and counts alone tell nothing', () => {
  const turns = Array.from({ length: 1001 }, (_, i) => i % 2);
  const [unigram, bigram] = textBaselines(text(turns, [0, 1, 0, 1, 0]));
  expect(bitsOfLoss(unigram!.loss)).toBeCloseTo(1, 5);
  // 500 pairs each, and one added to each of the two counts: 501 of 502.
  expect(bigram!.loss).toBeCloseTo(-Math.log(501 / 502), 12);
});

test('what never occurred costs much, but not everything', () => {
  const [unigram] = textBaselines(text([0, 0, 0, 0], [1, 1]));
  expect(unigram!.loss).toBeCloseTo(-Math.log(1 / 5), 12);
});

test('Moby Dick takes 4.44 bits a character by counts, 3.48 with the one before', async () => {
  const bits = textBaselines(await loadText('moby-dick', 16, nodeData())).map(({ loss }) => bitsOfLoss(loss));
  expect(bits[0]).toBeCloseTo(4.438, 2);
  expect(bits[1]).toBeCloseTo(3.482, 2);
});

test('pictures have none', () => {
  expect(textBaselines({ ...text([0, 1], [0, 1]), text: undefined as never })).toEqual([]);
});
