import { expect, test } from 'vitest';
import { createTrace } from '../gpu/trace.ts';
import { needsDenseGradient, scoresOf, traceGradientAverage } from './averages.ts';
import { METHODS } from './methods/index.ts';

test('a method needs dense gradients where it grows by them: at an update, or at every step for their average', () => {
  const needs = Object.fromEntries(Object.entries(METHODS).map(([id, method]) => [id, [needsDenseGradient(method, false), needsDenseGradient(method, true)]]));
  expect(needs).toMatchObject({
    dense: [false, false], random: [false, false], 'one-shot': [false, false], gmp: [false, false], set: [false, false],
    rigl: [false, true], granet: [false, true], snfs: [true, true],
  });
  expect([...scoresOf(METHODS.snfs)]).toEqual(['magnitude', 'momentum']);
});

test('an average is one dispatch over the maskable weights, and none for other methods or without such weights', () => {
  const layer = { name: 'w', shape: [8, 8], offset: 0, length: 64, init: 'kaiming', maskable: true, rateScale: 1, decayScale: 1, trainable: true } as const;
  const traced = (id: 'snfs' | 'rigl', layers: readonly (typeof layer)[]): object[] => {
    const trace = createTrace();
    traceGradientAverage(trace, { n: 128, masked: 64, layers: layers as never }, METHODS[id], { gradientDecay: 0.9 });
    return trace.dispatches.map((d) => ({ ...d.params }));
  };
  expect(traced('snfs', [layer])).toEqual([{ n: 64, keep: 0.9, scale: expect.closeTo(0.1, 12) as number }]);
  expect([traced('rigl', [layer]), traced('snfs', [])]).toEqual([[], []]);
});
