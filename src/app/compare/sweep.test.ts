import { expect, test } from 'vitest';
import { pastRunOf } from './pastRun.ts';
import type { DoneRun } from './queue.ts';
import { madeUpLog, MOONS } from './runs.testing.ts';
import { isSweep, sweepLines } from './sweep.ts';

const { figures } = pastRunOf(madeUpLog());
const run = (arm: string, seed: number, value: number, density: number): DoneRun => ({ arm, seed, value, edits: 0, experiment: MOONS, figures: { ...figures, density }, diverged: false });
const arms = [['rigl-2', 'RigL'], ['rigl-1', 'RigL'], ['random-1', 'random mask'], ['dense-1', 'dense']].map(([id, title]) => ({ id: id!, title: title!, experiment: MOONS }));

test('a sweep is a line for each method over rising densities, with all points and the interval of their mean', () => {
  const runs = [1, 2, 3].flatMap((seed) => [run('rigl-1', seed, 0.8 + seed / 100, 0.01), run('rigl-2', seed, 0.9, 0.1), run('random-1', seed, 0.7, 0.01), run('dense-1', seed, 0.95, 1)]);
  const { lines, levels } = sweepLines({ arms }, [...runs, run('rigl-1', 4, 0, 0.01)], [1, 2, 3]);
  expect(lines.map(({ title, points }) => [title, points.map(({ density }) => Number(density.toFixed(6)))])).toEqual([['RigL', [0.01, 0.1]], ['random mask', [0.01]]]);
  const [low] = lines[0]!.points;
  expect(low!.values).toEqual([1, 2, 3].map((seed) => 0.8 + seed / 100));
  // t of 2 degrees of freedom at 0.025 is 4.303; the standard deviation is 0.01.
  expect([low!.mean, low!.high - low!.mean]).toEqual([expect.closeTo(0.82), expect.closeTo((4.3027 * 0.01) / Math.sqrt(3), 5)]);
  expect(levels).toHaveLength(1);
  expect([isSweep(lines), isSweep(lines.slice(1))]).toEqual([true, false]);
});
