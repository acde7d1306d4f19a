import { expect, test } from 'vitest';
import { largestDifference } from './difference.ts';

test.each<[string, number[], number[], { largest: number; step: number }]>([
  ['equal losses', [2, 1], [2, 1], { largest: 0, step: 1 }],
  ['the farthest step', [2, 1, 0.5], [2, 1.25, 0.625], { largest: 0.25, step: 2 }],
  ['a loss that is no number', [2, Number.NaN, 1], [2, 1, 9], { largest: Infinity, step: 2 }],
  ['a step that is missing', [2, 1], [2], { largest: Infinity, step: 2 }],
])('%s', (_, own, peer, expected) => expect(largestDifference(own, peer)).toMatchObject(expected));

test('first and last losses go with it, and no losses are no comparison', () => {
  expect(largestDifference([3, 1], [3, 1.5])).toMatchObject({ steps: 2, first: [3, 3], last: [1, 1.5] });
  expect(() => largestDifference([1], [])).toThrow('no losses');
});
