import { expect, test } from 'vitest';
import { openingCounts } from './opening.ts';

test('one round keeps what is planned, of each layer or of all', () => {
  expect(openingCounts({ rounds: 1, scope: 'layer' }, [100, 50], [10, 5])).toEqual([[10, 5]]);
  expect(openingCounts({ rounds: 1, scope: 'global' }, [100, 50], [10, 5])).toEqual([[15]]);
});

test('rounds fall geometrically and end exactly: at 10 % after 1, 10, 50 and 100 rounds 0.9772, 0.7943, 0.3162 and 0.1', () => {
  const rounds = openingCounts({ rounds: 100, scope: 'global' }, [100_000], [10_000]);
  expect([1, 10, 50, 100].map((round) => rounds[round - 1])).toEqual([[97_724], [79_433], [31_623], [10_000]]);
});

test('no round keeps fewer than the last, also of a layer that loses all', () => {
  const rounds = openingCounts({ rounds: 5, scope: 'layer' }, [7, 3, 4], [1, 0, 4]);
  expect(rounds).toEqual([[5, 0, 4], [3, 0, 4], [2, 0, 4], [1, 0, 4], [1, 0, 4]]);
});
