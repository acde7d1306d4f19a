import { expect, test } from 'vitest';
import type { MetricRows } from './events.ts';
import { createTimeJoin, medianStepMs, stepTimes, type JoinedTime } from './stepTimes.ts';

const times = (...measured: [step: number, stepMs: number][]): MetricRows[] =>
  measured.map(([step, stepMs]) => ({ arm: 'main', table: 'time', step: Uint32Array.of(step), columns: { stepMs: Float32Array.of(stepMs) } }));

test('step times weigh each step, not each submit', () => {
  expect(stepTimes(times([1, 30], [4, 10], [5, 50]), 0)).toEqual([30, 10, 10, 10, 50]);
});

test('submits that were told of at once are joined', () => {
  expect(stepTimes(times([4, 10], [8, 0]), 0)).toEqual([10, 10, 10, 10]);
  expect(stepTimes(times([2, 10], [4, 0], [6, 20]), 0)).toEqual([10, 10, 10, 10, 10, 10]);
});

test('a resumed run counts from where it began', () => {
  expect(stepTimes(times([51, 30], [53, 20]), 50)).toEqual([30, 20, 20]);
});

test('a join gives what lasts long enough, and keeps the rest', () => {
  const join = createTimeJoin();
  expect([join.add(4, 20), join.add(4, 0), join.add(2, 5), join.add(1, 1)]).toEqual([undefined, undefined, { steps: 10, ms: 25 }, undefined]);
  expect(join.rest()).toEqual({ steps: 1, ms: 1 });
});

test.each<[JoinedTime[], { stepMs: number; n: number } | undefined]>([
  [[], undefined],
  [[{ steps: 3, ms: 30 }], { stepMs: 10, n: 3 }],
  [[{ steps: 1, ms: 50 }, { steps: 5, ms: 10 }], { stepMs: 2, n: 6 }],
  [[{ steps: 2, ms: 8 }, { steps: 2, ms: 4 }], { stepMs: 3, n: 4 }],
])('the median counts every step once: %j', (joined, median) => expect(medianStepMs(joined)).toEqual(median));
