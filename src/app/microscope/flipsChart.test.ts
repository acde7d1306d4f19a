import { expect, test } from 'vitest';
import { append, createRunLog } from '../../engine/experiment/runLog.ts';
import { flipsModel } from './FlipsChart.tsx';

const fc1 = { name: 'fc1', out: 4, in: 5, maskable: true, wordOffset: 0, words: 1, activation: 'relu' };
const fc2 = { ...fc1, name: 'fc2', out: 2, in: 10, wordOffset: 1 };

/** A log of updates with a density and flips of the first layer and of both. */
function logOf(density: readonly number[], own: readonly number[], all: readonly number[]): ReturnType<typeof createRunLog> {
  const log = Object.assign(createRunLog(), { layers: [fc1, fc2], totalSteps: 100 });
  append(log, { type: 'metrics', runId: 'a', seq: 0, rows: [{ arm: 'main', table: 'mask', step: Uint32Array.from(density, (_, i) => 10 * i), columns: { density: Float32Array.from(density), 'fc1.flips': Float32Array.from(own), flips: Float32Array.from(all) } }] });
  return log;
}

test('flips are shares of the weights, without the first choice of a mask among all', () => {
  const [own, all] = flipsModel(logOf([1, 0.5, 0.5, 0.5], [0, 10, 5, 1], [0, 20, 10, 4]), fc1, 100).curves;
  expect([Array.from(own!.steps), Array.from(own!.values), Array.from(all!.values)]).toEqual([[20, 30], [0.25, 0.05], [0.25, 0.1]]);
});

test('a mask that is sparse from the start flips with its first update', () => {
  expect(Array.from(flipsModel(logOf([0.5, 0.5], [0, 4], [0, 4]), fc1, 100).curves[0]!.values)).toEqual([0.2]);
  expect(flipsModel(logOf([1], [0], [0]), fc1, 100).curves.map(({ values }) => values.length)).toEqual([0, 0]);
});
