import { describe, expect, test } from 'vitest';
import type { KnobValue } from '../experiment/card.ts';
import { shareWord } from './counts.ts';
import * as fc from 'fast-check';
import { arbitraryValue } from '../experiment/arbitrary.testing.ts';
import { layerCounts } from './distributions.ts';
import { defaultKnobs } from './knobs.ts';
import type { MaskPlan, Method, PlanContext } from './method.ts';
import { findMethod, METHODS } from './methods/index.ts';
import { readPoints } from './points.ts';

const layers = [
  { name: 'fc1', out: 128, in: 784 },
  { name: 'fc2', out: 10, in: 128 },
];
const total = 128 * 784 + 1280;
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

function make(id: string, steps: number, knobs: Record<string, KnobValue> = {}): { plan: MaskPlan; context: PlanContext & { knobs: Record<string, KnobValue> } } {
  const method: Method = findMethod(id);
  const context = { layers, steps, knobs: { ...defaultKnobs(method.card.knobs), ...knobs } };
  return { plan: method.plan(context), context };
}

/** Steps with an update, and active weights in total after each step, if every update does what the plan says. */
function simulate(plan: MaskPlan, steps: number): { updates: number[]; active: number[] } {
  let active = [...plan.initial().counts];
  const updates: number[] = [];
  const totals: number[] = [];
  for (let step = 0; step < steps; step++) {
    if (plan.isUpdate(step)) {
      updates.push(step);
      const { keep, grow } = plan.counts(step, active);
      if (plan.scope === 'layer') active = keep.map((count, i) => count + grow[i]!);
      else active = [keep[0]! + grow[0]! - active[1]!, active[1]!];
    }
    totals.push(sum(active));
  }
  return { updates, active: totals };
}

describe.each(Object.keys(METHODS))('the plan of %s', (id) => {
  test('starts with exact counts, and achieves its planned density after every step', () => {
    const { plan } = make(id, 200, { updatePeriod: 7 });
    const { active } = simulate(plan, 200);
    active.forEach((count, step) => {
      expect(count).toBe(sum(plan.target(step)));
      expect(plan.density(step)).toBe(count / total);
    });
  });

  test('ends at its density', () => {
    for (const period of [1, 7, 30, 50]) {
      const { plan, context } = make(id, 400, { updatePeriod: period });
      const density = context.knobs.density ?? 1;
      expect(simulate(plan, 400).active.at(-1)).toBe(Math.round(Number(density) * total));
    }
  });

  test('copes with a phase of one step and with no maskable layer', () => {
    const { plan } = make(id, 1);
    expect(sum(plan.target(0))).toBeGreaterThan(0);
    const method = findMethod(id);
    const empty = method.plan({ layers: [], steps: 10, knobs: defaultKnobs(method.card.knobs) });
    expect(empty.initial()).toEqual({ counts: [], choose: 'all' });
    expect(empty.density(3)).toBe(1);
  });
});

const alongPoints = Object.values(METHODS).flatMap(({ card }: Method) => (card.knobs.points ? [[card.id, card.knobs.points] as const] : []));

/** The density at a step as the drawing says, by another route than the plan's: the stretch that the step lies on is looked for from behind. */
function drawn(text: string, step: number, steps: number): number {
  const corners = readPoints(text)!.map(({ at, density }) => ({ step: Math.round(at * steps), density }));
  const from = corners.findLastIndex((corner) => corner.step <= step);
  const [left, right] = [corners[Math.max(0, from)]!, corners[from + 1] ?? corners.at(-1)!];
  if (from < 0 || right.step === left.step) return left.density;
  return (left.density * (right.step - step) + right.density * (step - left.step)) / (right.step - left.step);
}

test('points are taken by the methods whose density changes along a schedule or may', () => {
  expect(alongPoints.map(([id, knob]) => [id, knob.kind === 'points' && knob.falls])).toEqual([['gmp', true], ['set', false], ['rigl', false], ['granet', true], ['snfs', false]]);
});

describe.each(alongPoints)('%s along points', (id, knob) => {
  const shape = fc.record({ text: arbitraryValue(knob).filter((text) => text !== 'none') as fc.Arbitrary<string>, steps: fc.integer({ min: 1, max: 300 }), period: fc.integer({ min: 1, max: 40 }) });
  const atEnd = (text: string): number => readPoints(text)!.at(-1)!.density;

  test('achieves what is drawn, to the nearest weight, at each of its updates, and ends at the last point', () => {
    fc.assert(fc.property(shape, ({ text, steps, period }) => {
      const { plan } = make(id, steps, { points: text, density: atEnd(text), updatePeriod: period });
      const { updates, active } = simulate(plan, steps);
      active.forEach((count, step) => expect(count).toBe(sum(plan.target(step))));
      const first = readPoints(text)!.at(0)!;
      const last = readPoints(text)!.at(-1)!;
      const from = Math.round(first.at * steps);
      const to = Math.round(last.at * steps);
      for (const step of updates) if (step >= from && step < to && step + period < steps) expect(Math.abs(active[step]! - drawn(text, step, steps) * total)).toBeLessThan(0.5 + 1e-6);
      expect(active.at(-1)).toBe(Math.round(last.density * total));
      expect(sum(plan.initial().counts)).toBe(Math.round(first.density * total));
    }), { numRuns: 200 });
  });

  test('updates from the first point to behind the last, on multiples of the period', () => {
    const { plan } = make(id, 100, { points: '0.31:0.8,0.55:0.4,0.62:0.1', density: 0.1, updatePeriod: 20, updateStart: 1, updateEnd: 0 });
    const { updates, active } = simulate(plan, 100);
    expect(updates.filter((step) => step < 100)).toEqual(expect.arrayContaining([40, 60, 80]));
    const share = [0, 39, 40, 60, 79, 80, 99].map((step) => Math.round((1000 * active[step]!) / total) / 1000);
    expect(share).toEqual([0.8, 0.8, 0.65, 0.186, 0.186, 0.1, 0.1]);
  });

  test('moves to an edited density at its end, from the next update on', () => {
    const { plan, context } = make(id, 100, { points: '0:1,0.5:0.2', density: 0.2, updatePeriod: 10 });
    context.knobs.density = 0.05;
    expect(plan.density(25)).toBeCloseTo(0.62, 3);
    expect(plan.density(99)).toBeCloseTo(0.05, 3);
  });
});

describe('dense', () => {
  test('keeps everything and never updates', () => {
    const { plan } = make('dense', 50);
    expect(plan.initial()).toEqual({ counts: [100352, 1280], choose: 'all' });
    expect(simulate(plan, 50).updates).toEqual([]);
  });
});

describe('random', () => {
  test('draws the counts of its distribution and never updates', () => {
    const { plan } = make('random', 50, { density: 0.01, distribution: 'erk' });
    expect(plan.initial()).toEqual({ counts: [883, 133], choose: 'random' });
    expect(make('random', 50, { density: 0.01, distribution: 'uniform' }).plan.initial().counts).toEqual([1003, 13]);
    expect(simulate(plan, 50).updates).toEqual([]);
  });

  test('counts the dimensions of a kernel under erk, not under er', () => {
    const convolutions = [{ name: 'conv1', out: 32, in: 16 * 9, kernel: [3, 3] as const }, { name: 'conv2', out: 64, in: 32 * 25, kernel: [5, 5] as const }];
    const counts = (distribution: 'er' | 'erk') => METHODS.random.plan({ layers: convolutions, steps: 10, knobs: { density: 0.1, distribution } }).initial().counts;
    expect(counts('erk')).toEqual(layerCounts('erk', [[32, 16, 3, 3], [64, 32, 5, 5]], 0.1));
    expect(counts('er')).toEqual(layerCounts('er', [[32, 16, 3, 3], [64, 32, 5, 5]], 0.1));
    expect(counts('er')).not.toEqual(layerCounts('er', [[32, 144], [64, 800]], 0.1));
  });

  test('takes the ratios of SNIP where asked to, over all layers, and draws', () => {
    expect(make('random', 50).plan.opening).toBeUndefined();
    const { opening, initial } = make('random', 50, { ratiosFrom: 'snip' }).plan;
    expect(opening).toEqual({ gradient: 'loss', score: 'sensitivity', rounds: 1, scope: 'global', drawn: true });
    expect(initial().choose).toBe('scored');
  });
});

describe('one-shot', () => {
  test('prunes once, over all layers or within each', () => {
    const { plan } = make('one-shot', 100, { density: 0.1, pruneAt: 0.3 });
    expect(simulate(plan, 100).updates).toEqual([30]);
    expect([29, 30].map((step) => plan.density(step))).toEqual([1, 10163 / total]);
    expect(plan.counts(30, [100352, 1280])).toEqual({ keep: [10163], grow: [0] });
    const layerwise = make('one-shot', 100, { density: 0.1, scope: 'layer' }).plan;
    expect(layerwise.counts(50, [100352, 1280])).toEqual({ keep: [10035, 128], grow: [0, 0] });
  });

  test('at the very end prunes in the last step', () => {
    expect(simulate(make('one-shot', 100, { pruneAt: 1 }).plan, 100).updates).toEqual([99]);
  });
});

describe('snip', () => {
  test('begins with all weights planned, of which scores choose, and never updates', () => {
    const { plan } = make('snip', 50, { density: 0.01 });
    expect(plan.initial()).toEqual({ counts: [883, 133], choose: 'scored' });
    expect(plan.opening).toEqual({ gradient: 'loss', score: 'sensitivity', rounds: 1, scope: 'global' });
    expect(make('snip', 50, { scope: 'layer' }).plan.opening?.scope).toBe('layer');
    expect(make('snip', 50, { density: 1 }).plan.initial().choose).toBe('all');
    expect(simulate(plan, 50).updates).toEqual([]);
  });
});

describe('gmp', () => {
  test('follows the cubic between its first and last update, in steps, and never rises', () => {
    const { plan } = make('gmp', 1000, { density: 0.1, updateStart: 0, updateEnd: 1, updatePeriod: 100 });
    // Updates at 0, 100, ... 900: the curve runs over nine periods.
    for (let step = 0; step < 1000; step += 50) {
      const share = Math.floor(step / 100) / 9;
      expect(plan.density(step)).toBeCloseTo(0.1 + 0.9 * (1 - share) ** 3, 4);
    }
    const { active } = simulate(plan, 1000);
    active.reduce((before, now) => {
      expect(now).toBeLessThanOrEqual(before);
      return now;
    });
  });

  test('starts from a random mask when its initial density is below 1', () => {
    expect(make('gmp', 100).plan.initial().choose).toBe('all');
    expect(make('gmp', 100, { initialDensity: 0.5 }).plan.initial()).toEqual({ counts: [50176, 640], choose: 'random' });
  });

  test('follows a density lowered on the way, and stops pruning when it is raised', () => {
    const { plan, context } = make('gmp', 100, { density: 0.2, updateStart: 0, updateEnd: 1, updatePeriod: 1 });
    const active = plan.counts(98, plan.target(97)).keep;
    context.knobs.density = 0.05;
    expect(sum(plan.counts(99, active).keep)).toBe(Math.round(0.05 * total));
    context.knobs.density = 0.5;
    expect(sum(plan.counts(99, active).keep)).toBe(sum(active));
  });

  test('with one threshold has one count for all layers', () => {
    const { plan } = make('gmp', 100, { density: 0.1, scope: 'global' });
    expect(plan.scope).toBe('global');
    expect(plan.counts(99, [50_000, 500])).toEqual({ keep: [10163], grow: [0] });
  });
});

describe('granet', () => {
  const window = { density: 0.1, updateStart: 0, updateEnd: 0.5, updatePeriod: 10 };

  test('prunes along the cubic to the end of its window, and exchanges to the end of the phase', () => {
    const { plan } = make('granet', 200, window);
    expect(simulate(plan, 200).updates).toEqual(Array.from({ length: 20 }, (_, i) => 10 * i));
    const sparsity = [0.5, 0.6084, 0.6952, 0.7628, 0.8136, 0.85, 0.8744, 0.8892, 0.8968, 0.8996, 0.9];
    sparsity.forEach((s, i) => expect(1 - plan.density(10 * i)).toBeCloseTo(s, 4));
    expect(plan.density(199)).toBe(plan.density(100));
    [0.5, 0.427509, 0.2525, 0.077491].forEach((r, i) => expect(plan.dropFraction(50 * i)).toBeCloseTo(r, 6));
    expect(plan.dropFraction(199)).toBeGreaterThan(0.005);
  });

  test('that stops one update short leaves the curve where the official code does', () => {
    // Twenty updates: the last is read at 19/20.
    const { plan } = make('granet', 200, { ...window, updateEnd: 1, stopShort: true });
    expect(plan.density(199)).toBeCloseTo(0.1 + 0.4 / 8000, 4);
  });

  test('starts with half of the weights, or with all, and exchanges nothing before its window', () => {
    expect(make('granet', 100).plan.initial().choose).toBe('random');
    const { plan } = make('granet', 100, { initialDensity: 1, updateStart: 0.3 });
    expect(plan.initial().choose).toBe('all');
    expect([29, 30].map((step) => plan.dropFraction(step) > 0)).toEqual([false, true]);
  });

  test('tells the device a share where one threshold prunes all layers', () => {
    const { plan } = make('granet', 200, window);
    expect([plan.scope, plan.exchange]).toEqual(['global', 'ceil']);
    expect(plan.counts(100, [50_000, 500])).toEqual({ keep: [10163], grow: [0], exchange: shareWord(plan.dropFraction(100)) });
  });

  test('by layer prunes and exchanges in one drop, and gives no layer back what it lost', () => {
    const { plan } = make('granet', 200, { ...window, scope: 'layer', distribution: 'uniform' });
    expect(plan.exchange).toBeUndefined();
    const { keep, grow } = plan.counts(100, [40_000, 100]);
    // The second layer is 28 short of its 128, which the first keeps.
    expect(keep.map((count, i) => count + grow[i]!)).toEqual([10_063, 100]);
    expect(grow).toEqual([10_063, 100].map((count) => Math.ceil(count * 0.2525)));
  });
});

describe.each(['set', 'rigl', 'snfs'])('%s', (id) => {
  const window = { updateStart: 0.2, updateEnd: 0.8, updatePeriod: 20, dropFraction: 0.5, dropDecay: 'cosine', redistribute: false };

  test('updates inside its window, exchanging ever fewer weights', () => {
    const { plan } = make(id, 200, window);
    expect(simulate(plan, 200).updates).toEqual([40, 60, 80, 100, 120, 140, 160]);
    expect([20, 40, 100, 160, 180].map((step) => plan.dropFraction(step))).toEqual([0, 0.5, 0.25, 0, 0]);
    const active = plan.initial().counts;
    const { keep, grow } = plan.counts(100, active);
    expect(grow).toEqual(active.map((count) => Math.floor(count / 4)));
    expect(keep.map((count, i) => count + grow[i]!)).toEqual(active);
  });

  test('moves to an edited density at the next update, and to an edited drop fraction and period at once', () => {
    const { plan, context } = make(id, 200, { ...window, density: 0.1, dropDecay: 'constant' });
    const active = plan.initial().counts;
    context.knobs.density = 0.2;
    const raised = plan.counts(100, active);
    expect(sum(raised.keep) + sum(raised.grow)).toBe(Math.round(0.2 * total));
    expect(raised.keep).toEqual(active.map((count) => count - Math.floor(count / 2)));
    context.knobs.density = 0.02;
    const lowered = plan.counts(100, active);
    expect(sum(lowered.keep) + sum(lowered.grow)).toBe(Math.round(0.02 * total));
    context.knobs.dropFraction = 0;
    expect(sum(plan.counts(100, active).grow)).toBe(0);
    context.knobs.updatePeriod = 50;
    expect([60, 100].map(plan.isUpdate)).toEqual([false, true]);
  });

  test('outside its window still moves to an edited density, without exchanging', () => {
    const { plan, context } = make(id, 200, { ...window, density: 0.1 });
    const active = plan.initial().counts;
    context.knobs.density = 0.2;
    const { keep, grow } = plan.counts(190, active);
    expect(keep).toEqual(active);
    expect(sum(grow)).toBe(Math.round(0.2 * total) - sum(active));
  });
});

test('SNFS that redistributes tells the total and the share; layers follow on the device', () => {
  const { plan, context } = make('snfs', 200, { density: 0.1, updatePeriod: 20, dropFraction: 0.5, dropDecay: 'constant' });
  const active = plan.initial().counts;
  expect([plan.scope, plan.exchange, plan.redistribute]).toEqual(['global', 'trunc', true]);
  expect(plan.counts(100, [sum(active), 0])).toEqual({ keep: [sum(active)], grow: [0], exchange: 2 ** 31 });
  context.knobs.density = 0.2;
  expect(plan.counts(100, active)).toEqual({ keep: [sum(active)], grow: [Math.round(0.2 * total) - sum(active)], exchange: 2 ** 31 });
  context.knobs.density = 0.05;
  expect(plan.counts(100, active)).toMatchObject({ keep: [Math.round(0.05 * total)], grow: [0] });
});

test('RigL and SET differ in defaults as their papers and codes do', () => {
  const [set, rigl] = [make('set', 1000).plan, make('rigl', 1000).plan];
  expect([set.appliesGradientOnUpdate, rigl.appliesGradientOnUpdate]).toEqual([true, false]);
  expect([set.keepValueOnRegrow, rigl.keepValueOnRegrow]).toEqual([false, true]);
  expect([set.dropFraction(700), rigl.dropFraction(375)]).toEqual([0.3, 0.15]);
  expect([set.isUpdate(900), rigl.isUpdate(900)]).toEqual([true, false]);
});

test('a knob of the wrong type or an unknown name is refused with what is known', () => {
  expect(() => make('random', 10, { density: 'much' }).plan.initial()).toThrow(/sparsity\.density must be a number, got much/);
  expect(() => make('random', 10, { distribution: 'toString' }).plan.initial()).toThrow(/one of uniform, uniform-plus, er, erk, erk-plus, got toString/);
  expect(() => make('rigl', 10, { skipGradientOnUpdate: 1 })).toThrow(/true or false/);
});
