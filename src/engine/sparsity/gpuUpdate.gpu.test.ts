import { describe, expect, test } from 'vitest';
import { underScopes } from '../../node/testDevice.ts';
import type { ParamLayout } from '../nn/layout.ts';
import { disturb, expected, expectSame, full, type Left, networkOf, openUpdateRig, randomFlags, type Rules, SHAPES, stateOf } from './gpuUpdate.testing.ts';
import type { Method, ScoreName } from './method.ts';
import { METHODS } from './methods/index.ts';
import { activeCounts, type ReferenceState, scoreKey } from './reference.ts';
import { FLAGS, planOf, scopeKnobs, scopesOf, sum, UPDATES, UPDATING } from './updateCases.testing.ts';

const rig = openUpdateRig();

const DENSITIES = [0.9, 0.5, 0.2, 0.05];
const CASES = UPDATING.flatMap(([id, method]) => scopesOf(method).flatMap((scope) =>
  DENSITIES.map((density, i) => ({ id, method, scope, density, seed: i + 1, ...FLAGS[i]! }))));

/** The score that a method drops by. */
function dropScore(method: Pick<Method, 'update'>): ScoreName {
  let found: ScoreName = 'magnitude';
  method.update?.({ drop: (score) => { found = score; }, grow: () => undefined, choose: (score) => { found = score; } });
  return found;
}

/** I2 to I4 and I6 of the mask invariants, on what the device holds. */
function expectInvariants(layout: ParamLayout, given: ReferenceState, left: Left, rules: Rules, earlier: Uint8Array): void {
  const { scope, exchange, regrowAllowed, keepValueOnRegrow } = rules.plan;
  const groups = scope === 'global' && exchange === undefined ? [layout.layers] : layout.layers.map((layer) => [layer]);
  const wrong: string[] = [];
  for (const group of groups) {
    let [largestDropped, smallestKept] = [0, Number.POSITIVE_INFINITY];
    for (const { offset, length } of group) {
      for (let i = offset; i < offset + length; i++) {
        const [before, now, again] = [given.mask[i]!, left.mask[i]!, left.regrown[i]!];
        const zero = left.weights[i] === 0 && left.slots.every((slot) => slot[i] === 0);
        if (now === 0 && !zero) wrong.push(`I2 at ${i}`);
        if (now > before && !zero) wrong.push(`a grown weight does not start at 0 at ${i}`);
        if (again && (before === 0 || now === 0 || !regrowAllowed)) wrong.push(`I3 at ${i}`);
        if (again && keepValueOnRegrow && left.weights[i] !== given.weights[i]) wrong.push(`a regrown weight lost its value at ${i}`);
        if (left.previous[i] !== before || left.fired[i]! < Math.max(before, earlier[i]!)) wrong.push(`I6 at ${i}`);
        const size = scoreKey(given, dropScore(rules.method), 0, 0, i);
        if (before && (!now || again)) largestDropped = Math.max(largestDropped, size);
        if (before && now && !again) smallestKept = Math.min(smallestKept, size);
      }
    }
    if (largestDropped > smallestKept) wrong.push('I4');
  }
  expect(wrong).toEqual([]);
}

describe.each(CASES)('$id, density $density, scope $scope', ({ id, method, scope, density, seed, ...flags }) => {
  test(`${UPDATES} updates leave what the reference leaves, by rank, by radix and by radix in workgroups`, () => underScopes(rig.gpu, async () => {
    const layout = networkOf(SHAPES);
    const knobs = { density, ...scopeKnobs(method, scope), ...flags, pruneAt: 0, updateStart: 0, updateEnd: 1, updatePeriod: 1 };
    const plan = planOf(method, knobs);
    const rules: Rules = { method, plan: { ...flags, scope, exchange: plan.exchange, redistribute: plan.redistribute }, seed };
    const all = await rig.make(layout, rules, ['rank', 'radix', 'radix, counts in the workgroup']);
    const initial = plan.initial();
    let state = stateOf(layout, initial.choose === 'all' ? full(layout) : randomFlags(layout, seed, initial.counts));
    let fired: Uint8Array = state.fired.slice(0, layout.masked);
    for (let step = 0; step < UPDATES; step++) {
      // One-shot pruning has one update: here it has forty first ones.
      if (id.startsWith('one-shot')) state = stateOf(layout, full(layout));
      disturb(layout, state, seed, step);
      let counts = plan.counts(step, activeCounts(state));
      if (scope === 'global') counts = { ...counts, keep: [sum(counts.keep)], grow: [sum(counts.grow)] };
      const given = structuredClone(state);
      all.forEach((m) => m.write(given));
      const now = { counts, step, update: step + 1 };
      const lefts = await Promise.all(all.map((m) => m.run(now)));
      const want = expected(layout, state, rules, now);
      lefts.forEach((left, i) => expectSame(left, want, `step ${step}, ${['rank', 'radix', 'workgroup'][i]}`));
      expectInvariants(layout, given, lefts[0]!, rules, fired);
      fired = lefts[0]!.fired;
      const active = lefts[0]!.counts.map((layer) => layer.active);
      // I1 and I5; a global cut is free to place weights, and so is pruning where a layer started below its share.
      expect(sum(active)).toBe(sum(plan.target(step)));
      if (scope === 'layer' && !['gmp', 'granet'].includes(id)) expect(active).toEqual(plan.target(step));
    }
  }));
});

describe.each([true, false])('redistribution, dropped weights may return: %s', (regrowAllowed) => {
  /** Factors of each layer's averages: alike, far apart, some or all 0, too large to sum. */
  const SCALES = [[1, 2, 3, 4, 5], [1, 1e-3, 1e6, 1e-12, 100], [0, 1, 0, 2 ** -120, 1], [0, 0, 0, 0, 0], [1e-30, 1e30, 1, 1, 3e38]] as const;

  test.each([0.95, 0.6, 0.1])('at density %d grows in every layer what the reference grows, full layers and raised densities too', (density) => underScopes(rig.gpu, async () => {
    const layout = networkOf(SHAPES);
    const plan = planOf(METHODS.snfs, { density, regrowAllowed, updateStart: 0, updateEnd: 1, updatePeriod: 1, dropFraction: 0.4 });
    const rules: Rules = { method: METHODS.snfs, plan: { ...plan, regrowAllowed }, seed: 3 };
    const [m] = await rig.make(layout, rules, ['default']);
    for (const [s, scales] of SCALES.entries()) {
      for (const extra of [0, 37]) {
        const state = stateOf(layout, randomFlags(layout, s, plan.initial().counts));
        disturb(layout, state, s, 0);
        layout.layers.forEach(({ offset, length }, l) => { for (let i = offset; i < offset + length; i++) state.average![i]! *= scales[l]!; });
        const before = activeCounts(state);
        const { keep, exchange } = plan.counts(0, before);
        const now = { counts: { keep, grow: [extra], exchange: exchange! }, step: 1, update: 1 };
        m!.write(structuredClone(state));
        const left = await m!.run(now);
        expectSame(left, expected(layout, state, rules, now), `scales ${s}, extra ${extra}`);
        // Where the dropped may not return and layers are nearly full, a raised density takes more than one update.
        if (regrowAllowed || density < 0.9) expect(sum(left.counts.map((layer) => layer.active))).toBe(Math.min(sum(before) + extra, layout.layers.reduce((all, { length }) => all + length, 0)));
        if (s === 0 && density === 0.1) expect(left.counts.map((layer) => layer.grown)).not.toEqual(left.counts.map((layer) => layer.dropped));
      }
    }
  }));
});
