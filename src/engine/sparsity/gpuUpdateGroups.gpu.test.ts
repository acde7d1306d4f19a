import { describe, expect, test } from 'vitest';
import { underScopes } from '../../node/testDevice.ts';
import type { MasksSpec } from '../experiment/experiment.ts';
import type { ParamLayout } from '../nn/layout.ts';
import { randomU32 } from '../random.ts';
import { unpackBits } from './bits.ts';
import { disturb, expected, expectSame, full, type Machine, networkOf, openUpdateRig, type Rules, stateOf } from './gpuUpdate.testing.ts';
import { groupCount, grouped, SINGLE_WEIGHTS } from './granularity.ts';
import { initialMask } from './initialMask.ts';
import type { LayerShape } from './method.ts';
import { METHODS } from './methods/index.ts';
import { activeCounts } from './reference.ts';
import { byCurvature, EVERY_SELECTION, FLAGS, planOf, scopeKnobs, scopesOf, shapesOf, sum, UPDATING } from './updateCases.testing.ts';

const rig = openUpdateRig();

/** Two linear layers that blocks do not divide, one that fits into a block, one that two blocks fill, filters of convolutions. */
const GROUPED_SHAPES = [[17, 33], [7, 19], [3, 3], [4, 8], [6, 3, 3, 3], [5, 2, 2, 1]] as const;
const MASKS: readonly MasksSpec[] = [
  { ...SINGLE_WEIGHTS, granularity: 'block', blockSize: '4', blockScore: 'mean' }, { ...SINGLE_WEIGHTS, granularity: 'block', blockSize: '4', blockScore: 'max' },
  { ...SINGLE_WEIGHTS, granularity: 'block', blockSize: '16', blockScore: 'mean' }, { ...SINGLE_WEIGHTS, granularity: 'block', blockSize: '32', blockScore: 'max' },
  { ...SINGLE_WEIGHTS, granularity: 'kernel', blockSize: '16', blockScore: 'mean' }, { ...SINGLE_WEIGHTS, granularity: 'kernel', blockSize: '16', blockScore: 'max' },
  { ...SINGLE_WEIGHTS, granularity: 'channel', blockSize: '16', blockScore: 'mean' }, { ...SINGLE_WEIGHTS, granularity: 'channel', blockSize: '16', blockScore: 'max' },
];
/** Both scopes meet means and largest scores, and every granularity. */
const GROUPED_CASES = UPDATING.flatMap(([id, method]) => MASKS.map((masks, i) => ({
  id, method, masks, scope: i % 4 === 0 || i % 4 === 3 ? 'layer' as const : scopesOf(method).at(-1)!,
  what: `${masks.granularity} ${masks.blockSize} ${masks.blockScore}`, seed: i + 1, ...FLAGS[i % 4]!,
})));

/** Weights of each group of a layer, by the definition: who shares rows and columns of the grid. */
function groupsOf(masks: MasksSpec, { out, in: inputs, kernel }: LayerShape): number[][] {
  const side = Number(masks.blockSize);
  const key = (row: number, column: number): string => {
    if (masks.granularity === 'block') return `${Math.floor(row / side)} ${Math.floor(column / side)}`;
    return masks.granularity === 'channel' ? `${row}` : `${row} ${Math.floor(column / (kernel ? kernel[0] * kernel[1] : 1))}`;
  };
  const found = new Map<string, number[]>();
  for (let i = 0; i < out * inputs; i++) {
    const at = key(Math.floor(i / inputs), i % inputs);
    found.set(at, [...(found.get(at) ?? []), i]);
  }
  return [...found.values()];
}

/** Active groups of each layer; fails where a group is switched in part. */
function expectWhole(layout: ParamLayout, layers: readonly LayerShape[], masks: MasksSpec, mask: Uint8Array): number[] {
  return layers.map((layer, l) => {
    const states = groupsOf(masks, layer).map((group) => new Set(group.map((i) => mask[layout.layers[l]!.offset + i])));
    expect(states.filter((state) => state.size > 1)).toEqual([]);
    return states.filter((state) => state.has(1)).length;
  });
}

describe.each(GROUPED_CASES)('$id on groups, $what, scope $scope', ({ method, scope, masks, seed, id, ...flags }) => {
  test('every update leaves whole groups, in the planned number, as the reference does', () => underScopes(rig.gpu, async () => {
    const layout = networkOf(GROUPED_SHAPES, masks);
    const layers = grouped(shapesOf(GROUPED_SHAPES), masks);
    const groups = layers.map((layer) => layer.groups);
    const facts = layers.map((layer, l) => ({ ...layer, maskable: true, wordOffset: layout.layers[l]!.offset / 32, words: Math.ceil(layout.layers[l]!.length / 32) }));
    let all: Machine[] | undefined;
    for (const density of [0, 1 / sum(groups), 0.05, 0.5, 0.95, 1]) {
      const knobs = { density, ...scopeKnobs(method, scope), ...flags, pruneAt: 0, updateStart: 0, updateEnd: 1, updatePeriod: 1 };
      const plan = planOf(method, knobs, layers);
      const rules: Rules = { method, plan: { ...flags, scope, exchange: plan.exchange, redistribute: plan.redistribute }, seed };
      all ??= await rig.make(layout, rules, ['rank', 'radix']);
      const initial = initialMask(facts, plan.initial(), seed, masks);
      let state = stateOf(layout, layout.layers.map(({ length, offset }) => unpackBits(initial, length, offset / 32)));
      expect(expectWhole(layout, layers, masks, state.mask)).toEqual(plan.initial().counts);
      for (let step = 0; step < 2; step++) {
        if (id === 'one-shot') state = stateOf(layout, full(layout));
        disturb(layout, state, seed, step);
        let counts = plan.counts(step, activeCounts(state));
        if (scope === 'global') counts = { ...counts, keep: [sum(counts.keep)], grow: [sum(counts.grow)] };
        const given = structuredClone(state);
        all.forEach((m) => m.write(given));
        const now = { counts, step, update: step + 1 };
        const lefts = await Promise.all(all.map((m) => m.run(now)));
        const want = expected(layout, state, rules, now);
        lefts.forEach((left, i) => expectSame(left, want, `density ${density}, step ${step}, ${EVERY_SELECTION[i]}`));
        const active = expectWhole(layout, layers, masks, lefts[0]!.mask);
        expect(sum(active)).toBe(sum(plan.target(step)));
        if (scope === 'layer' && !['gmp', 'granet'].includes(id)) expect(active).toEqual(plan.target(step));
      }
    }
  }));
});

describe('groups', () => {
  const rules: Rules = { method: METHODS.rigl, plan: { scope: 'layer', regrowAllowed: true, keepValueOnRegrow: false }, seed: 4 };

  test.each(MASKS)('of $granularity $blockSize, $blockScore: empty rows and a full one are updated as in the reference', (masks) => underScopes(rig.gpu, async () => {
    const layout = networkOf(GROUPED_SHAPES, masks);
    const layers = shapesOf(GROUPED_SHAPES);
    // All groups that begin in the last row of groups are active, the others are not.
    const flags = layers.map((layer) => {
      const made = new Uint8Array(layer.out * layer.in);
      const all = groupsOf(masks, layer);
      const last = Math.floor(all.at(-1)![0]! / layer.in);
      all.filter(([first]) => Math.floor(first! / layer.in) === last).flat().forEach((i) => { made[i] = 1; });
      return made;
    });
    const state = stateOf(layout, flags);
    disturb(layout, state, 3, 0);
    const active = activeCounts(state);
    const counts = { keep: active.map((n) => Math.ceil(n / 2)), grow: active.map((n, l) => Math.min(groupCount(masks, layers[l]!) - n, Math.ceil(n / 2))) };
    const given = structuredClone(state);
    const want = expected(layout, state, rules, { counts, step: 1 });
    for (const m of await rig.make(layout, rules, EVERY_SELECTION)) {
      m.write(given);
      const left = await m.run({ counts, step: 1, update: 1 });
      expectSame(left, want, 'empty rows');
      expectWhole(layout, layers, masks, left.mask);
    }
  }));

  test('rank by the mean or by the largest of their weights, those at the edges by their own number', () => underScopes(rig.gpu, async () => {
    // 5 x 6 in blocks of 4: 16, 8, 4 and 2 weights. Means 1, 1.5, 1.25, 2; largest 16, 1.5, 1.25, 2.
    const weights = Array.from({ length: 30 }, (_, i) => {
      const [row, column] = [Math.floor(i / 6), i % 6];
      if (row < 4) return column < 4 ? (i === 0 ? -16 : 0) : 1.5;
      return column < 4 ? -1.25 : 2;
    });
    for (const blockScore of ['mean', 'max'] as const) {
      const layout = networkOf([[5, 6]], { ...SINGLE_WEIGHTS, granularity: 'block', blockSize: '4', blockScore });
      for (const keep of [1, 2, 3]) {
        const [m] = await rig.make(layout, { ...rules, method: METHODS.gmp }, ['default']);
        const state = stateOf(layout, full(layout));
        state.weights.set(weights);
        m!.write(state);
        const left = await m!.run({ counts: { keep: [keep], grow: [0] }, step: 0, update: 1 });
        const blocks = [left.mask[0], left.mask[4], left.mask[24], left.mask[28]];
        const want = blockScore === 'mean' ? [0, keep > 1 ? 1 : 0, keep > 2 ? 1 : 0, 1] : [1, keep > 2 ? 1 : 0, 0, keep > 1 ? 1 : 0];
        expect(blocks, `${blockScore}, ${keep}`).toEqual(want);
        expect(left.counts[0]!.active).toBe([16, 8, 4, 2].reduce((n, size, b) => n + size * want[b]!, 0));
      }
    }
  }));

  test('of subnormal weights rank as those of zeros by the mean, by their bits where the largest counts', () => underScopes(rig.gpu, async () => {
    for (const blockScore of ['mean', 'max'] as const) {
      const layout = networkOf([[8, 16]], { ...SINGLE_WEIGHTS, granularity: 'block', blockSize: '4', blockScore });
      const state = stateOf(layout, full(layout));
      for (let i = 0; i < 128; i++) state.weights[i] = [0, -1e-45, 1e-39, -1.1754944e-38, 2e-38][randomU32(7, 1, 0, i) % 5]!;
      const given = structuredClone(state);
      const counts = { keep: [5], grow: [0] };
      const drop: Rules = { ...rules, method: METHODS.gmp };
      const want = expected(layout, state, drop, { counts, step: 0 });
      for (const m of await rig.make(layout, drop, EVERY_SELECTION)) {
        m.write(given);
        expectSame(await m.run({ counts, step: 0, update: 1 }), want, blockScore);
      }
    }
  }));

  test('take the mean of numbers with a sign where a score has one', () => underScopes(rig.gpu, async () => {
    for (const [blockScore, kept] of [['mean', [0, 1]], ['max', [1, 0]]] as const) {
      const layout = networkOf([[4, 8]], { ...SINGLE_WEIGHTS, granularity: 'block', blockSize: '4', blockScore });
      const state = stateOf(layout, full(layout));
      state.weights.fill(1, 0, 32);
      // The first block has one large product among negative ones, the second small ones throughout.
      for (let i = 0; i < 32; i++) state.gradients[i] = i % 8 < 4 ? (i === 9 ? 3 : -1) : 0.5;
      const [m] = await rig.make(layout, { ...rules, method: byCurvature }, ['default']);
      m!.write(state);
      const left = await m!.run({ counts: { keep: [1], grow: [0] }, step: 0, update: 1 });
      expect([left.mask[0], left.mask[4]], blockScore).toEqual(kept);
    }
  }));

  test('once the flag is up nothing changes', () => underScopes(rig.gpu, async () => {
    const layout = networkOf(GROUPED_SHAPES, MASKS[0]);
    const [m] = await rig.make(layout, rules, ['default']);
    const state = stateOf(layout, full(layout));
    disturb(layout, state, 1, 0);
    m!.write(state, 7);
    const left = await m!.run({ counts: { keep: [1, 1, 1, 1, 1, 1], grow: [1, 1, 1, 1, 1, 1] }, step: 1, update: 1 });
    expect(Buffer.from(left.weights.buffer).equals(Buffer.from(state.weights.buffer))).toBe(true);
    expect(left.mask).toEqual(state.mask.slice(0, layout.masked));
    expect(sum(left.counts.map((c) => c.active))).toBe(0);
  }));
});
