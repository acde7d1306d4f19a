import { expect, test } from 'vitest';
import { sparingPlan } from './frozen.ts';
import type { MaskPlan } from './method.ts';
import { defaultKnobs } from './knobs.ts';
import { METHODS } from './methods/index.ts';

const layers = [{ name: 'fc1', out: 10, in: 10 }, { name: 'fc2', out: 20, in: 10 }, { name: 'fc3', out: 10, in: 20 }];

function planOf(method: 'rigl' | 'gmp' | 'snfs', knobs: object): MaskPlan {
  return METHODS[method].plan({ layers, steps: 100, knobs: { ...defaultKnobs(METHODS[method].card.knobs), density: 0.2, distribution: 'uniform', ...knobs } });
}

test('an update keeps every active weight of a frozen layer, and moves the others as planned', () => {
  const plan = planOf('rigl', { updatePeriod: 10 });
  const sparing = sparingPlan(plan, [false, true, false], () => [20, 55, 40]);
  const planned = plan.counts(20, [20, 55, 40]);
  expect(planned.grow.every((grown) => grown > 0)).toBe(true);
  expect(sparing.counts(20, [20, 55, 40])).toEqual({ keep: [planned.keep[0], 55, planned.keep[2]], grow: [planned.grow[0], 0, planned.grow[2]] });
  expect(sparing.target(20)).toEqual([20, 55, 40]);
  expect(sparing.initial()).toEqual(plan.initial());
});

test('without a frozen layer the plan is the same; one threshold for all layers cannot spare any', () => {
  const plan = planOf('gmp', { scope: 'global' });
  expect(sparingPlan(plan, [false, false, false], () => [])).toBe(plan);
  expect(() => sparingPlan(plan, [true, false, false], () => [])).toThrow('choose layer');
  expect(() => sparingPlan(planOf('snfs', {}), [true, false, false], () => [])).toThrow('redistribute=0');
});
