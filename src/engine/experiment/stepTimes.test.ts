import { expect, test } from 'vitest';
import type { MetricRows } from './events.ts';
import { stepTimes } from './stepTimes.ts';

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
