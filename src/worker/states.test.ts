import { expect, it } from 'vitest';
import type { CheckpointFile } from '../engine/experiment/events.ts';
import type { Edit } from '../engine/experiment/experiment.ts';
import { findPreset } from '../engine/experiment/presets/index.ts';
import { createStates } from './states.ts';

const { experiment } = findPreset('rigl-moons');
const state = (step: number, bytes = 1): CheckpointFile => ({ step, phase: 0, bytes: new Uint8Array(bytes) });
const rate = (step: number, value = 0.5): Edit => ({ step, path: 'optimizer.rate', value });

it('the newest state at or before a step is found, and none behind it', () => {
  const states = createStates();
  for (const step of [30, 10, 20]) states.keep(experiment, [], state(step));
  expect([9, 10, 25, 99].map((step) => states.nearest(experiment, step)?.step)).toEqual([undefined, 10, 20, 30]);
});

it('a state belongs to a run with other settings as little as to one with other edits before it', () => {
  const states = createStates();
  states.keep({ ...experiment, edits: [rate(5)] }, [rate(8, 0.25)], state(10));
  const found = (edits: readonly Edit[], other = experiment): boolean => states.nearest({ ...other, edits }, 10) !== undefined;
  expect(found([rate(5), rate(8, 0.25)])).toBe(true);
  expect(found([rate(8, 0.25), rate(5), rate(10, 0.1), rate(12)])).toBe(true);
  expect(found([rate(5), rate(8, 0.125), rate(8, 0.25)])).toBe(true);
  expect(found([rate(5)])).toBe(false);
  expect(found([rate(5), rate(8)])).toBe(false);
  expect(found([rate(5), rate(8, 0.25)], { ...experiment, seed: experiment.seed + 1 })).toBe(false);
});

it('too many or too large ones are thinned evenly; the last stays', () => {
  const states = createStates({ states: 4, bytes: 100 });
  for (let step = 1; step <= 64; step++) states.keep(experiment, [], state(step));
  const left = [...new Set(Array.from({ length: 64 }, (_, i) => states.nearest(experiment, i + 1)?.step ?? 0))].filter((step) => step > 0);
  expect(left).toHaveLength(4);
  expect(left.at(-1)).toBe(64);
  const gaps = left.map((step, i) => step - (left[i - 1] ?? 0));
  expect(Math.max(...gaps)).toBeLessThanOrEqual(40);
  states.keep(experiment, [], state(65, 100));
  expect([64, 65].map((step) => states.nearest(experiment, step)?.step)).toEqual([undefined, 65]);
});
