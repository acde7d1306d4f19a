import { describe, expect, test } from 'vitest';
import { experimentFrom } from '../experiment/defaults.ts';
import { type Claim, type Comparison, claimHash, METRICS } from './claim.ts';
import { judge, type RunValue } from './judge.ts';
import { valueOf } from './value.ts';
import { wordsOf } from './words.ts';

const experiment = experimentFrom({ preset: 'dense-mnist', phases: [{ sparsity: { method: 'dense' } }] });
const arm = (id: string): Claim['arms'][number] => ({ id, title: id.toUpperCase(), experiment });

function claimOf(comparison: Comparison, parts: Partial<Claim> = {}): Claim {
  return {
    id: 'test', title: 'A test', sentence: 'A is better than B.', paper: { title: '', authors: '', year: 2000, url: '' },
    arms: ['a', 'b', 'dense', 'random'].map(arm), metric: 'accuracy',
    parts: [{ title: '1 % density', comparison, check: { dense: 'dense', target: 0.9, control: 'random' } }],
    delta: 0.005, margin: 0.01, seeds: 5, setting: 'MNIST, 1,500 steps', tuning: 'Equal settings, not tuned.', ...parts,
  };
}
const BETTER = claimOf({ kind: 'better', arm: 'a', against: 'b' });

/** Runs of seeds 1, 2, ...: each list holds an arm's values. */
const runsOf = (values: Record<string, number[]>): RunValue[] =>
  Object.entries(values).flatMap(([id, list]) => list.map((value, i) => ({ arm: id, seed: i + 1, value, edits: 0 })));
const CHECKED = { dense: [0.95, 0.95, 0.95, 0.95, 0.95], random: [0.8, 0.8, 0.8, 0.8, 0.8] };
const FIVE = { a: [0.9, 0.91, 0.92, 0.9, 0.91], b: [0.8, 0.8, 0.8, 0.8, 0.81], ...CHECKED };

describe('a verdict in words', () => {
  test('says what, how much, how sure, where and how', () => {
    expect(wordsOf(BETTER, judge(BETTER, runsOf(FIVE)))).toEqual([
      'Shown at this scale: A is better than B.',
      'Shown at this scale: A - B = +10.6 points, 95 % CI [9.5, 11.7], delta 0.5, n = 5 seeds, MNIST, 1,500 steps, 1 % density. Equal settings, not tuned.',
      '  points: +10.00 +11.00 +12.00 +10.00 +10.00',
    ]);
  });

  test('one seed has none, but its point', () => {
    const one = judge(BETTER, runsOf({ a: [0.9], b: [0.8], dense: [0.95], random: [0.8] }));
    expect(wordsOf(BETTER, one)).toEqual(['1 seed: no verdict.', 'A - B, 1 % density: +10.00']);
  });

  test('what goes the other way is said to', () => {
    const turned = judge(BETTER, runsOf({ ...FIVE, a: FIVE.b, b: FIVE.a }));
    expect(wordsOf(BETTER, turned)[1]).toMatch(/^Not shown at this scale, opposite direction: A - B = -10\.6 points/);
  });

  test('seeds that were added after a look are told', () => {
    const words = wordsOf(BETTER, judge(BETTER, runsOf(FIVE), [3, 5]));
    expect(words.at(-1)).toBe('Extended after looking (n 3 -> 5).');
    expect(wordsOf(BETTER, judge(BETTER, runsOf(FIVE), [5])).join()).not.toContain('Extended');
  });

  test.each([
    ['dense misses its target', { ...FIVE, dense: [0.89, 0.89, 0.89, 0.89, 0.89] }],
    ['the random control is within delta of dense', { ...FIVE, random: [0.946, 0.946, 0.946, 0.946, 0.946] }],
    ['the random control is above dense', { ...FIVE, random: [0.96, 0.96, 0.96, 0.96, 0.96] }],
  ])('where %s the task cannot tell them apart', (_, values) => {
    const judgement = judge(BETTER, runsOf(values));
    expect(judgement.outcome).toBe('inconclusive');
    expect(wordsOf(BETTER, judgement)[1]).toMatch(/^Inconclusive \(1 % density\): this task cannot tell them apart; dense reaches/);
  });

  test('margins and one-sided bounds are named', () => {
    const claim = claimOf({ kind: 'as good as', arm: 'a', against: 'b' });
    expect(wordsOf(claim, judge(claim, runsOf({ ...FIVE, a: FIVE.b })))[1]).toContain('A - B = 0.0 points, one-sided 95 % bounds [-0.1, 0.1], margin 1.0');
    const equal = claimOf({ kind: 'equal', arm: 'a', against: 'b' });
    expect(wordsOf(equal, judge(equal, runsOf({ ...FIVE, a: FIVE.b })))[1]).toContain('90 % CI [-0.1, 0.1], margin 1.0');
  });
});

describe('which runs count', () => {
  test('a seed that an arm does not have is left out of all', () => {
    expect(judge(BETTER, runsOf({ ...FIVE, b: [0.8, 0.8, 0.8] })).seeds).toEqual([1, 2, 3]);
  });

  test('edited runs are left out and counted', () => {
    const runs = runsOf(FIVE).map((run) => (run.arm === 'a' && run.seed === 2 ? { ...run, edits: 1 } : run));
    const judgement = judge(BETTER, runs);
    expect([judgement.seeds, judgement.edited]).toEqual([[1, 3, 4, 5], 1]);
    expect(wordsOf(BETTER, judgement).at(-1)).toBe('1 edited run left out.');
  });

  test('a diverged run is chance and stays in', () => {
    expect(valueOf('diverged', [0.9, 0.9, 0.9], METRICS.accuracy, 10)).toBe(0.1);
    expect(valueOf('finished', [0.1, 0.9, 0.8, 0.7], METRICS.accuracy, 10)).toBeCloseTo(0.8, 12);
    expect(valueOf('finished', [0.9, Number.NaN, 0.8], METRICS.loss, 10)).toBeCloseTo(Math.log(10), 12);
    const judgement = judge(BETTER, runsOf({ ...FIVE, a: [0.9, 0.91, valueOf('diverged', [], METRICS.accuracy, 10), 0.9, 0.91] }));
    expect(judgement).toMatchObject({ outcome: 'inconclusive', seeds: [1, 2, 3, 4, 5] });
  });

  test('runs of arms that the claim does not have say nothing', () => {
    expect(judge(BETTER, [...runsOf(FIVE), { arm: 'other', seed: 1, value: 1, edits: 3 }]).edited).toBe(0);
  });
});

describe('kinds of comparison', () => {
  test('of a loss the lower is better', () => {
    const claim = claimOf({ kind: 'better', arm: 'a', against: 'b' }, { metric: 'loss', delta: 0.02, parts: [{ title: 'x', comparison: { kind: 'better', arm: 'a', against: 'b' }, check: { dense: 'dense', target: 0.5, control: 'random' } }] });
    const runs = runsOf({ a: [0.5, 0.52, 0.48], b: [0.7, 0.71, 0.7], dense: [0.4, 0.4, 0.4], random: [0.9, 0.9, 0.9] });
    const judgement = judge(claim, runs);
    expect(judgement.outcome).toBe('shown');
    expect(wordsOf(claim, judgement)[1]).toContain('B - A = +0.203 nats');
    // The same runs, told in bits: 0.203 nats are 0.293 of them.
    const inBits = { ...claim, metric: 'bits' } as const;
    expect(wordsOf(inBits, judge(inBits, runs))[1]).toContain('B - A = +0.293 bits per character');
  });

  test('an ordering compares neighbours', () => {
    const claim = claimOf({ kind: 'ordering', arms: ['dense', 'a', 'b'] });
    const { parts, outcome } = judge(claim, runsOf(FIVE));
    expect([parts[0]?.rulings.map(({ label }) => label), outcome]).toEqual([['DENSE - A', 'A - B'], 'shown']);
    expect(judge(claim, runsOf({ ...FIVE, a: FIVE.b })).outcome).toBe('not shown');
  });

  test('the best is compared with each, by Holm\'s levels', () => {
    const claim = claimOf({ kind: 'best', arm: 'a', against: ['b', 'random'] });
    const judgement = judge(claim, runsOf(FIVE));
    expect(judgement.outcome).toBe('shown');
    expect(wordsOf(claim, judgement).filter((line) => line.includes('CI')).map((line) => /[\d.]+ % CI/.exec(line)?.[0])).toEqual(['95 % CI', '97.5 % CI']);
  });

  test('a trend is of each seed\'s differences over x', () => {
    const claim = claimOf({ kind: 'trend', quantity: 'gap closed', points: [{ x: 5, arm: 'random', against: 'dense' }, { x: 7, arm: 'b', against: 'a' }] });
    const judgement = judge(claim, runsOf({ ...CHECKED, a: [0.95, 0.95, 0.95, 0.95, 0.95], b: [0.94, 0.945, 0.94, 0.94, 0.935] }));
    expect(judgement.outcome).toBe('shown');
    judgement.parts[0]?.rulings[0]?.ruling.points.forEach((point, i) => expect(point).toBeCloseTo([0.14, 0.145, 0.14, 0.14, 0.135][i] as number, 12));
  });

  test('several parts have to be shown together', () => {
    const [part] = BETTER.parts as [Claim['parts'][number]];
    const two = { ...BETTER, parts: [part, { ...part, title: '2 %', comparison: { kind: 'better', arm: 'b', against: 'a' } as const }] };
    expect(judge(two, runsOf(FIVE)).outcome).toBe('not shown');
  });
});

test('another sentence, arm or size is another claim', async () => {
  const hashes = await Promise.all([BETTER, { ...BETTER, delta: 0.01 }, { ...BETTER, arms: BETTER.arms.slice(1) }, { ...BETTER, sentence: 'Else.' }].map(claimHash));
  expect(new Set(hashes).size).toBe(4);
  expect(await claimHash(structuredClone(BETTER))).toBe(hashes[0]);
});
