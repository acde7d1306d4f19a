import { expect, test } from 'vitest';
import { createPace } from './slices.ts';

/** Feeds a pace on a device that needs `stepMs` a step, told of in groups of `together` slices; the sizes it chose. */
function sizes(stepMs: number, together: number, slices: number): number[] {
  const pace = createPace();
  const chosen: number[] = [];
  let waiting: number[] = [];
  for (let i = 0; i < slices; i++) {
    const steps = pace.steps(3);
    chosen.push(steps);
    waiting.push(steps);
    if (waiting.length < together) continue;
    // All are told of at once: the first takes the time of all, the others none.
    const all = waiting.reduce((a, b) => a + b, 0) * stepMs;
    waiting.forEach((n, j) => pace.took(n, j === 0 ? all : 0));
    waiting = [];
  }
  return chosen;
}

test('a slice grows from one step to about 16 ms, by doubling', () => {
  expect(sizes(1, 1, 8)).toEqual([1, 2, 4, 8, 16, 16, 16, 16]);
  expect(sizes(100, 1, 4)).toEqual([1, 1, 1, 1]);
});

test('slices stay near their aim where the queue tells of two at once', () => {
  for (const stepMs of [0.5, 1, 3, 8]) {
    const later = sizes(stepMs, 2, 60).slice(20);
    expect(Math.max(...later) * stepMs).toBeLessThanOrEqual(32);
    expect(Math.min(...later) * stepMs).toBeGreaterThanOrEqual(Math.min(stepMs, 8));
  }
});

test('a slice never has more runs than knob rows', () => {
  expect(Math.max(...sizes(0.001, 1, 20))).toBe(21);
});

test('a device that becomes slow gets small slices at once', () => {
  const pace = createPace();
  for (let i = 0; i < 10; i++) pace.took(pace.steps(1), 16);
  pace.took(16, 1600);
  expect(pace.steps(1)).toBe(1);
});
