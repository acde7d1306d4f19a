import { describe, expect, test } from 'vitest';
import { PURPOSE, randomUniform } from '../random.ts';
import { quantile, upperTail } from './studentT.ts';
import { asGoodAs, bestOf, better, equal, slopeOf, together, trend } from './verdict.ts';

/** In points of accuracy. */
const SIZES = { delta: 0.5, margin: 1, floor: 0.1 };

/** Points with this mean and standard deviation exactly, n = 5: of -2, -1, 0, 1, 2 it is sqrt(2.5). */
const spread = (mean: number, sd: number): number[] => [-2, -1, 0, 1, 2].map((x) => mean + (x * sd) / Math.sqrt(2.5));

describe('Student\'s t', () => {
  // Tabulated in any book of statistics.
  test.each([
    [0.025, 1, 12.7062], [0.025, 2, 4.3027], [0.025, 4, 2.7764], [0.025, 7, 2.3646], [0.025, 9, 2.2622], [0.025, 30, 2.0423],
    [0.05, 2, 2.92], [0.05, 4, 2.1318], [0.05, 9, 1.8331], [0.005, 4, 4.6041], [0.005, 9, 3.2498], [0.0005, 2, 31.599],
  ])('exceeds with share %d at %d degrees the value %d', (tail, degrees, expected) => {
    expect(quantile(tail, degrees)).toBeCloseTo(expected, 3);
    expect(upperTail(quantile(tail, degrees), degrees)).toBeCloseTo(tail, 12);
    expect(upperTail(-quantile(tail, degrees), degrees)).toBeCloseTo(1 - tail, 12);
  });

  test('has closed forms for one and two degrees', () => {
    for (const t of [-3, -0.5, 0, 0.1, 1, 7]) {
      expect(upperTail(t, 1)).toBeCloseTo(0.5 - Math.atan(t) / Math.PI, 12);
      expect(upperTail(t, 2)).toBeCloseTo(0.5 - t / (2 * Math.sqrt(2 + t * t)), 12);
    }
  });

  test.each([[3, 2.48], [5, 1.24], [8, 0.84], [10, 0.72]])('makes half an interval of %d seeds %d standard deviations wide', (n, expected) => {
    expect(quantile(0.025, n - 1) / Math.sqrt(n)).toBeCloseTo(expected, 2);
  });
});

describe('better than', () => {
  test('worked by hand: 1, 2, 3 has mean 2, standard error 0.577, interval 2 -+ 2.484', () => {
    const ruling = better([1, 2, 3], SIZES);
    expect([ruling.mean, ruling.level]).toEqual([2, 0.95]);
    expect(ruling.low).toBeCloseTo(2 - 4.30265 / Math.sqrt(3), 4);
    expect(ruling.high).toBeCloseTo(2 + 4.30265 / Math.sqrt(3), 4);
    expect(ruling.outcome).toBe('inconclusive');
  });

  test.each([
    ['an interval above 0 and a mean that matters', spread(2, 1), 'shown', false],
    ['an interval above 0, but a mean below delta and an end above it', spread(0.45, 0.3), 'inconclusive', false],
    ['an interval above 0 that ends below delta', spread(0.2, 0.1), 'not shown', false],
    ['an interval around 0 that ends below delta', spread(0, 0.3), 'not shown', false],
    ['an interval around 0 that reaches delta', spread(0.2, 1), 'inconclusive', false],
    ['an interval below 0', spread(-2, 1), 'not shown', true],
    ['one seed', [3], 'no verdict', false],
    ['no seed', [], 'no verdict', false],
  ])('%s', (_, points, outcome, opposite) => {
    expect(better(points, SIZES)).toMatchObject({ outcome, opposite, points });
  });

  test('seeds that agree to the bit have the standard deviation of the floor', () => {
    const { low, high } = better([0.55, 0.55, 0.55, 0.55, 0.55], SIZES);
    expect(high - low).toBeCloseTo((2 * 2.77645 * 0.1) / Math.sqrt(5), 4);
  });

  test('a diverged seed counts: four clear wins and a run at chance decide nothing', () => {
    expect(better([2, 2.1, 1.9, 2, 2.2], SIZES).outcome).toBe('shown');
    expect(better([2, 2.1, 1.9, 2, -75], SIZES).outcome).toBe('inconclusive');
  });
});

describe('as good as', () => {
  test.each([
    ['the bound lies above the margin', spread(-0.3, 0.5), 'shown'],
    ['the bound lies below it', spread(-0.8, 0.5), 'inconclusive'],
    ['both bounds lie below it', spread(-2, 0.5), 'not shown'],
    ['much better is as good', spread(9, 0.5), 'shown'],
    ['one seed', [0], 'no verdict'],
  ])('%s', (_, points, outcome) => expect(asGoodAs(points, SIZES).outcome).toBe(outcome));

  test('worked by hand: the bound of n = 5 lies 2.1318 standard errors below the mean', () => {
    expect(asGoodAs(spread(-0.3, 0.5), SIZES).low).toBeCloseTo(-0.3 - (2.13185 * 0.5) / Math.sqrt(5), 4);
  });
});

test.each([
  ['inside both margins', spread(0.2, 0.5), 'shown'],
  ['across the upper margin', spread(0.8, 0.5), 'inconclusive'],
  ['across the lower margin', spread(-0.8, 0.5), 'inconclusive'],
  ['above both', spread(3, 0.5), 'not shown'],
  ['below both', spread(-3, 0.5), 'not shown'],
  ['one seed', [0], 'no verdict'],
])('equal, an interval %s', (_, points, outcome) => {
  expect(equal(points, SIZES)).toMatchObject({ outcome, level: 0.9 });
});

test.each([
  [['shown', 'shown'], 'shown'], [['shown', 'inconclusive'], 'inconclusive'], [['inconclusive', 'not shown'], 'not shown'],
  [['shown', 'not shown'], 'not shown'], [['shown', 'no verdict'], 'no verdict'], [[], 'no verdict'],
] as const)('parts %j are together %s', (parts, outcome) => expect(together(parts)).toBe(outcome));

describe('best of k', () => {
  test('the clearest comparison has the widest level, and levels narrow in order', () => {
    const rulings = bestOf([spread(2, 0.5), spread(9, 0.5), spread(4, 0.5)], SIZES);
    expect(rulings.map(({ outcome }) => outcome)).toEqual(['shown', 'shown', 'shown']);
    [0.95, 1 - 0.05 / 3, 0.975].forEach((level, i) => expect(rulings[i]?.level).toBeCloseTo(level, 12));
  });

  test('behind a comparison that fails its share none is shown, though alone it would be', () => {
    const close = spread(1.3, 0.9);
    expect(better(close, SIZES).outcome).toBe('shown');
    const rulings = bestOf([close, close, close], SIZES);
    expect(rulings.map(({ outcome }) => outcome)).toEqual(['inconclusive', 'inconclusive', 'inconclusive']);
    rulings.forEach(({ level }) => expect(level).toBeCloseTo(1 - 0.05 / 3, 12));
  });

  test('of two it is better than', () => expect(bestOf([spread(2, 1)], SIZES)).toEqual([better(spread(2, 1), SIZES)]));
});

describe('trend', () => {
  test('slopes worked by hand', () => {
    expect(slopeOf([5, 6, 7], [1, 2, 3])).toBeCloseTo(1, 12);
    // Deviations of x -1, 0, 1; of y -1, 2, -1: their products sum to 0.
    expect(slopeOf([5, 6, 7], [0, 3, 0])).toBeCloseTo(0, 12);
    // Deviations of x -4/3, -1/3, 5/3; of y 0, -1, 1: 2 over 14/3.
    expect(slopeOf([0, 1, 3], [1, 0, 2])).toBeCloseTo(3 / 7, 12);
  });

  test('points are changes over the range of x, and delta is one of those', () => {
    const rising = [-5, -4, -3].map((start) => [start, start + 1, start + 2]);
    expect(trend([5, 6, 7], rising, SIZES)).toMatchObject({ outcome: 'shown', points: [2, 2, 2] });
    expect(trend([5, 6, 7], rising.map((y) => y.toReversed()), SIZES)).toMatchObject({ outcome: 'not shown', opposite: true, points: [-2, -2, -2] });
    expect(trend([5, 6, 7], [[0, 0, 0], [0, 2, 4], [0, -1, -2]], SIZES).outcome).toBe('inconclusive');
  });

  test('one seed has no verdict', () => expect(trend([5, 6], [[0, 9]], SIZES).outcome).toBe('no verdict'));
});

describe('10,000 pairs without a difference', () => {
  const PAIRS = 10_000;
  /** A standard normal number (Box and Muller 1958). */
  const normal = (n: number, i: number): number => {
    const [u, v] = [randomUniform(n, PURPOSE.noise, 0, i), randomUniform(n, PURPOSE.noise, 1, i)];
    return Math.sqrt(-2 * Math.log(1 - u)) * Math.cos(2 * Math.PI * v);
  };
  const share = (n: number, shown: (noise: number[]) => boolean): number => {
    let count = 0;
    for (let pair = 0; pair < PAIRS; pair++) if (shown(Array.from({ length: n }, (_, i) => normal(n, pair * n + i)))) count++;
    return count / PAIRS;
  };

  test.each([3, 5, 10])('n = %d: better than is shown in at most 2.7 percent, whatever the noise', (n) => {
    for (const sd of [0.3, 1, 3]) expect(share(n, (noise) => better(noise.map((z) => sd * z), SIZES).outcome === 'shown')).toBeLessThanOrEqual(0.027);
    // Without delta the interval alone decides: it must not be wider than it says either.
    const bare = share(n, (noise) => better(noise, { delta: 0, floor: 0 }).outcome === 'shown');
    expect(bare).toBeGreaterThan(0.022);
    expect(bare).toBeLessThanOrEqual(0.027);
  });

  test.each([3, 5, 10])('n = %d: as good as is shown at the margin in at most 5.5 percent', (n) => {
    const shown = share(n, (noise) => asGoodAs(noise.map((z) => z - SIZES.margin), SIZES).outcome === 'shown');
    expect(shown).toBeGreaterThan(0.045);
    expect(shown).toBeLessThanOrEqual(0.055);
  });

  test('n = 5: that one of four equal arms beats any other is shown in at most 2.7 percent', () => {
    expect(share(20, (noise) => bestOf([0, 5, 10].map((at) => noise.slice(at, at + 5)), { delta: 0, floor: 0 }).some(({ outcome }) => outcome === 'shown'))).toBeLessThanOrEqual(0.027);
  });

  test('the numbers are normal enough to tell', () => {
    const all = Array.from({ length: 30_000 }, (_, i) => normal(3, i));
    expect(all.reduce((a, b) => a + b, 0) / all.length).toBeCloseTo(0, 1);
    expect(all.reduce((a, b) => a + b * b, 0) / all.length).toBeCloseTo(1, 1);
  });
});
