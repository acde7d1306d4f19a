import { expect, it } from 'vitest';
import { isAsFast } from './choice.ts';

/** Runs that take the given times on a clock of their own. */
async function judged(candidate: number[], base: number[]): Promise<boolean> {
  let clock = 0;
  const taking = (times: number[]) => async (): Promise<void> => void (clock += times.shift() ?? Number.NaN);
  return isAsFast(taking(candidate), taking(base), () => clock);
}

it.each<[string, number[], number[], boolean]>([
  ['faster', [9, 1, 1, 1], [2, 2, 2, 2], true],
  ['as fast', [9, 2, 2, 2], [2, 2, 2, 2], true],
  ['slower', [1, 3, 3, 3], [9, 2, 2, 2], false],
  ['faster but for one outlier', [1, 1, 90, 1], [2, 2, 2, 2], true],
  ['fast only before it is warm', [0, 3, 3, 1], [2.5, 2.5, 2.5, 2.5], false],
  ['slow only before it is warm', [90, 1, 1, 1], [2, 2, 2, 2], true],
])('a painter that is %s', async (_, candidate, base, expected) => {
  expect(await judged(candidate, base)).toBe(expected);
});
