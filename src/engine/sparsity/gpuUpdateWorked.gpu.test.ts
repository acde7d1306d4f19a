import { describe, expect, test } from 'vitest';
import { underScopes } from '../../node/testDevice.ts';
import type { ParamLayout } from '../nn/layout.ts';
import { shareWord } from './counts.ts';
import { disturb, expected, expectSame, full, networkOf, openUpdateRig, randomFlags, type Rules, stateOf } from './gpuUpdate.testing.ts';
import { METHODS } from './methods/index.ts';
import type { ReferenceState } from './reference.ts';
import { byCurvature, bySensitivity, EVERY_SELECTION, LAYER } from './updateCases.testing.ts';

const rig = openUpdateRig();

const { rigl } = METHODS;

describe('the worked prune-and-grow example', () => {
  const worked = (layout: ParamLayout): ReferenceState => {
    const weights = [0.9, -0.1, 0, 0.3, 0, 0.05, -0.7, 0, 0.2, 0, 0, -0.4];
    const state = stateOf(layout, [Uint8Array.from(weights, (w) => (w === 0 ? 0 : 1))]);
    state.weights.set(weights);
    state.gradients.set([0.1, 0.2, -0.9, 0.3, 0.5, -0.6, 0.1, -0.05, 0.2, 0.8, -0.3, 0.4]);
    state.slots.forEach((slot) => slot.fill(1, 0, 12));
    return state;
  };
  const layout = networkOf([[3, 4]]);

  test.each([
    { regrowAllowed: true, keepValueOnRegrow: false, mask: [1, 0, 1, 1, 0, 1, 1, 0, 0, 1, 0, 1], regrown: 1, fifth: 0 },
    { regrowAllowed: true, keepValueOnRegrow: true, mask: [1, 0, 1, 1, 0, 1, 1, 0, 0, 1, 0, 1], regrown: 1, fifth: 0.05 },
    { regrowAllowed: false, keepValueOnRegrow: false, mask: [1, 0, 1, 1, 1, 0, 1, 0, 0, 1, 0, 1], regrown: 0, fifth: 0 },
  ])('drops 5, 1 and 8 and grows three: regrow $regrowAllowed, keep value $keepValueOnRegrow', ({ mask, regrown, fifth, ...flags }) => underScopes(rig.gpu, async () => {
    for (const m of await rig.make(layout, { method: rigl, plan: { ...LAYER, ...flags }, seed: 1 }, EVERY_SELECTION)) {
      m.write(worked(layout));
      const left = await m.run({ counts: { keep: [4], grow: [3] }, step: 0, update: 1 });
      expect([...left.mask.subarray(0, 12)]).toEqual(mask);
      expect(left.counts).toEqual([{ active: 7, dropped: 3, grown: 3, regrown, fired: 10 - regrown }]);
      expect(left.weights[5]).toBe(Math.fround(fifth));
      expect([...left.weights.subarray(0, 5)]).toEqual([0.9, 0, 0, 0.3, 0].map(Math.fround));
      expect(left.slots[1]![5]).toBe(fifth === 0 ? 0 : 1);
    }
  }));
});

test.each(['trunc', 'round', 'ceil'] as const)('shares of what a common threshold left are those of the reference (%s)', (exchange) => underScopes(rig.gpu, async () => {
  // The second layer is longer than a workgroup, the last has a single weight.
  const layout = networkOf([[3, 7], [13, 100], [8, 32], [1, 1]]);
  for (const regrowAllowed of [true, false]) {
    const rules: Rules = { method: METHODS.granet, plan: { scope: 'global', exchange, regrowAllowed, keepValueOnRegrow: true }, seed: 2 };
    const all = await rig.make(layout, rules, ['rank', 'radix']);
    for (const [step, share] of [0, 0.07, 1 / 3, 0.5, 0.999999, 1].entries()) {
      const state = stateOf(layout, randomFlags(layout, 4, [20, 700, step === 0 ? 0 : 256, 1]));
      disturb(layout, state, 5, step);
      const given = structuredClone(state);
      all.forEach((m) => m.write(given));
      const now = { counts: { keep: [[700, 699, 0, 1, 500, 2000][step]!], grow: [0], exchange: shareWord(share) }, step, update: step + 1 };
      const lefts = await Promise.all(all.map((m) => m.run(now)));
      const want = expected(layout, state, rules, now);
      lefts.forEach((left) => expectSame(left, want, `share ${share}, regrow ${regrowAllowed}`));
    }
  }
}));

test('the worked sensitivities: of 2.25, 9 and 9 the first leaves, then by the tie the last', () => underScopes(rig.gpu, async () => {
  // w = (1/2, -1, 2) on x = (1, 2, -1) gives -3.5; for L = (wx - 1)^2 / 2 the gradient is -4.5 x.
  const layout = networkOf([[1, 3]]);
  for (const m of await rig.make(layout, { method: bySensitivity, plan: LAYER, seed: 1 }, EVERY_SELECTION)) {
    for (const [keep, mask] of [[2, [0, 1, 1]], [1, [0, 1, 0]]] as const) {
      const state = stateOf(layout, full(layout));
      state.weights.set([0.5, -1, 2]);
      state.gradients.set([-4.5, -9, 4.5]);
      m.write(state);
      const left = await m.run({ counts: { keep: [keep], grow: [0] }, step: 0, update: 1 });
      expect([...left.mask.subarray(0, 3)]).toEqual(mask);
    }
  }
}));

test('the worked curvatures: w H g is -13.5, 54 and 54, so the first leaves, then by the tie the last', () => underScopes(rig.gpu, async () => {
  // As above: H = x x^T with x = (1, 2, -1), and x g = -27.
  const layout = networkOf([[1, 3]]);
  for (const m of await rig.make(layout, { method: byCurvature, plan: LAYER, seed: 1 }, EVERY_SELECTION)) {
    for (const [keep, mask] of [[3, [1, 1, 1]], [2, [0, 1, 1]], [1, [0, 1, 0]]] as const) {
      const state = stateOf(layout, full(layout));
      state.weights.set([0.5, -1, 2]);
      state.gradients.set([-27, -54, 27]);
      m.write(state);
      const left = await m.run({ counts: { keep: [keep], grow: [0] }, step: 0, update: 1 });
      expect([...left.mask.subarray(0, 3)]).toEqual(mask);
    }
  }
}));
