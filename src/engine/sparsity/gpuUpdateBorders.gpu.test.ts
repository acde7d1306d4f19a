import { expect, test } from 'vitest';
import { underScopes } from '../../node/testDevice.ts';
import { randomU32 } from '../random.ts';
import { disturb, expected, expectSame, full, networkOf, openUpdateRig, randomFlags, type Rules, SHAPES, stateOf } from './gpuUpdate.testing.ts';
import { METHODS } from './methods/index.ts';
import { activeCounts } from './reference.ts';
import { bySensitivity, EVERY_SELECTION, LAYER, planOf, sum } from './updateCases.testing.ts';

const rig = openUpdateRig();

const { rigl, set } = METHODS;

test('products below the least normal number tie, whatever the device makes of them', () => underScopes(rig.gpu, async () => {
  const layout = networkOf([[1, 6]]);
  const rules: Rules = { method: bySensitivity, plan: LAYER, seed: 1 };
  for (const m of await rig.make(layout, rules, EVERY_SELECTION)) {
    const state = stateOf(layout, full(layout));
    state.weights.set([1e-20, 1e-30, 1e-39, 1, 1e20, -2e-19]);
    state.gradients.set([1e-20, 1e-9, 1e30, 1e-40, 1e-39, 1e-19]);
    const given = structuredClone(state);
    const counts = { keep: [3], grow: [0] };
    const want = expected(layout, state, rules, { counts, step: 0 });
    m.write(given);
    expectSame(await m.run({ counts, step: 0, update: 1 }), want, 'small');
    expect([...want.mask.subarray(0, 6)]).toEqual([1, 1, 0, 0, 0, 1]);
  }
}));

test.each([
  { name: 'k = 0', keep: [0, 0], grow: [0, 0] },
  { name: 'k = n', keep: [35, 129], grow: [0, 0] },
  { name: 'nothing kept, all grown', keep: [0, 0], grow: [35, 129] },
  { name: 'more than there are', keep: [36, 1000], grow: [36, 1000] },
  { name: 'one each', keep: [1, 1], grow: [1, 1] },
])('the borders of k: $name', ({ keep, grow }) => underScopes(rig.gpu, async () => {
  const layout = networkOf([[5, 7], [3, 43]]);
  for (const scope of ['layer', 'global'] as const) {
    for (const active of [[0, 0], [20, 64], [35, 129]]) {
      const rules: Rules = { method: set, plan: { ...LAYER, scope }, seed: 9 };
      const counts = scope === 'global' ? { keep: [sum(keep)], grow: [sum(grow)] } : { keep, grow };
      for (const m of await rig.make(layout, rules, EVERY_SELECTION)) {
        const state = stateOf(layout, randomFlags(layout, 4, active));
        disturb(layout, state, 5, 1);
        m.write(state);
        const left = await m.run({ counts, step: 3, update: 1 });
        expectSame(left, expected(layout, state, rules, { counts, step: 3 }), `${scope}, ${active.join()} active`);
      }
    }
  }
}));

test('ties, signed zeros, subnormal and infinite scores have the order of the reference', () => underScopes(rig.gpu, async () => {
  const layout = networkOf([[8, 16], [2, 50]]);
  const values = [0, -0, 1e-45, -2e-45, 1e-39, 1.1754944e-38, 1, -1, 3.4e38, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const rules: Rules = { method: rigl, plan: LAYER, seed: 1 };
  const all = await rig.make(layout, rules, EVERY_SELECTION);
  for (let step = 0; step < 12; step++) {
    const state = stateOf(layout, randomFlags(layout, step, [64, 50]));
    for (let i = 0; i < layout.n; i++) {
      state.weights[i] = values[randomU32(step, 1, 0, i) % values.length]!;
      state.gradients[i] = values[randomU32(step, 2, 0, i) % values.length]!;
    }
    layout.layers.forEach(({ offset, length }) => state.weights.fill(0, offset + length, Math.ceil((offset + length) / 64) * 64));
    const given = structuredClone(state);
    all.forEach((m) => m.write(given));
    const now = { counts: { keep: [5 * step, 30], grow: [5 * step, 4 * step] }, step, update: step + 1 };
    const lefts = await Promise.all(all.map((m) => m.run(now)));
    const want = expected(layout, state, rules, now);
    lefts.forEach((left) => expectSame(left, want, `step ${step}`));
  }
}));

test.each(['layer', 'global'] as const)('long segments are selected by radix, and agree (%s)', (scope) => underScopes(rig.gpu, async () => {
  const layout = networkOf([[3, 7], [130, 100], [1, 2049], [64, 64], [33, 5]]);
  const rules: Rules = { method: set, plan: { ...LAYER, scope }, seed: 3 };
  const all = await rig.make(layout, rules, ['default', 'radix, counts in the workgroup']);
  expect(all[0]!.kernels.filter((name) => name === 'select_pick')).toHaveLength(14);
  for (const step of [0, 1]) {
    const state = stateOf(layout, randomFlags(layout, step, [11, 4000, 600, 4096, 20]));
    disturb(layout, state, 8, step);
    const given = structuredClone(state);
    all.forEach((m) => m.write(given));
    const counts = { keep: [7, 2500, 500, 4000, 1], grow: [4, 1500, 100, 96, 19] };
    const now = { counts: scope === 'layer' ? counts : { keep: [sum(counts.keep)], grow: [sum(counts.grow)] }, step, update: step };
    const lefts = await Promise.all(all.map((m) => m.run(now)));
    const want = expected(layout, state, rules, now);
    lefts.forEach((left, i) => expectSame(left, want, `step ${step}, machine ${i}`));
  }
}));

test('once the flag is up, masks, weights, slots and counts stay as they are', () => underScopes(rig.gpu, async () => {
  const layout = networkOf(SHAPES);
  for (const method of [rigl, METHODS.gmp]) {
    for (const m of await rig.make(layout, { method, plan: LAYER, seed: 1 }, ['rank', 'radix'])) {
      const state = stateOf(layout, full(layout));
      disturb(layout, state, 1, 0);
      m.write(state);
      const counts = { keep: [1, 30, 60, 60, 200], grow: [1, 1, 1, 1, 1] };
      const before = await m.run({ counts, step: 0, update: 1 });
      const garbage = stateOf(layout, full(layout));
      disturb(layout, garbage, 2, 0);
      m.write(garbage, 7);
      const held = await m.run({ counts: { keep: [0, 0, 0, 0, 0], grow: counts.grow }, step: 1, update: 1 });
      expect(Buffer.from(held.weights.buffer).equals(Buffer.from(garbage.weights.buffer))).toBe(true);
      expect(held.slots).toEqual(garbage.slots);
      expect(held.mask).toEqual(garbage.mask.slice(0, layout.masked));
      expect(held.fired).toEqual(garbage.fired.slice(0, layout.masked));
      expect([held.previous, held.regrown, held.counts]).toEqual([before.previous, before.regrown, before.counts]);
      expect([held.status[0], [...held.status.subarray(1)]]).toEqual([7, [...before.status.subarray(1)]]);
    }
  }
}));

test.each([['set', set], ['rigl', rigl]] as const)('I8: %s without exchange changes no bit', (_, method) => underScopes(rig.gpu, async () => {
  const layout = networkOf(SHAPES);
  const plan = planOf(method, { density: 0.3, dropFraction: 0, updateStart: 0, updateEnd: 1, updatePeriod: 1 });
  const state = stateOf(layout, randomFlags(layout, 6, plan.initial().counts));
  disturb(layout, state, 6, 0);
  for (let i = 0; i < layout.masked; i++) if (!state.mask[i]) [state.weights, ...state.slots].forEach((array) => { array[i] = 0; });
  const [m] = await rig.make(layout, { method, plan, seed: 6 }, ['default']);
  m!.write(state);
  for (let update = 1; update <= 3; update++) {
    const left = await m!.run({ counts: plan.counts(update, activeCounts(state)), step: update, update });
    expect([left.weights, left.slots, left.mask]).toEqual([state.weights, state.slots, state.mask.slice(0, layout.masked)]);
    expect(left.counts.map(({ dropped, grown }) => dropped + grown)).toEqual([0, 0, 0, 0, 0]);
  }
}));
