import { describe, expect, test } from 'vitest';
import type { KnobValue } from '../experiment/card.ts';
import { PURPOSE, randomUniform } from '../random.ts';
import { unpackBits, wordsFor } from './bits.ts';
import { initialMask } from './initialMask.ts';
import { defaultKnobs } from './knobs.ts';
import type { MaskPlan, Method } from './method.ts';
import { findMethod, METHODS } from './methods/index.ts';
import { activeCounts, methodUpdate, type ReferenceState, type UpdateSets } from './reference.ts';

// Invariants over training with made-up gradients: momentum SGD on three layers between which biases lie.

const shapes = [[9, 13], [6, 9], [3, 6]] as const;

interface Trained {
  state: ReferenceState;
  plan: MaskPlan;
  /** Called after each step. */
  history: { step: number; before: Uint8Array; weights: Float32Array; sets: UpdateSets | undefined; after: ReferenceState }[];
}

function train(id: string, seed: number, knobs: Record<string, KnobValue>, steps = 40): Trained {
  const method: Method = findMethod(id);
  const layers = shapes.map(([out, inputs], i) => ({ name: `fc${i + 1}`, out, in: inputs }));
  const plan = method.plan({ layers, steps, knobs: { ...defaultKnobs(method.card.knobs), ...knobs } });

  let [end, word] = [2, 0];
  const places = shapes.map(([out, inputs]) => {
    const size = out * inputs;
    const place = { offset: end, size, out, in: inputs, maskable: true, wordOffset: word, words: wordsFor(size) };
    end += size + out;
    word += place.words;
    return place;
  });
  const bits = initialMask(places, plan.initial(), seed);
  const state: ReferenceState = {
    layers: places,
    weights: new Float32Array(end),
    gradients: new Float32Array(end),
    average: new Float32Array(end),
    slots: [new Float32Array(end)],
    mask: new Uint8Array(end),
    fired: new Uint8Array(end),
  };
  for (const { offset, size, wordOffset } of places) state.mask.set(unpackBits(bits, size, wordOffset), offset);
  state.fired.set(state.mask);
  for (const { offset, size } of places) {
    for (let i = offset; i < offset + size; i++) {
      state.weights[i] = state.mask[i] === 1 ? randomUniform(seed, PURPOSE.init, 0, i) - 0.5 : 0;
    }
  }

  const history: Trained['history'] = [];
  for (let step = 0; step < steps; step++) {
    // A pull towards a random point, so that trajectories depend on the weights; dense, as RigL needs it.
    for (let i = 0; i < end; i++) state.gradients[i] = state.weights[i]! - 2 * randomUniform(seed, PURPOSE.data, step, i) + 1;
    state.average!.forEach((a, i) => { state.average![i] = 0.9 * a + 0.1 * state.gradients[i]!; });
    const update = plan.isUpdate(step);
    const before = state.mask.slice();
    if (!update || plan.appliesGradientOnUpdate) {
      const momentum = state.slots[0]!;
      for (const { offset, size } of places) {
        for (let i = offset; i < offset + size; i++) {
          // A choice, not a product: 0 times a negative number is -0, and bits are compared below.
          momentum[i] = state.mask[i] === 1 || plan.keepsInactive ? 0.9 * momentum[i]! + state.gradients[i]! : 0;
          state.weights[i]! -= 0.05 * momentum[i]!;
        }
      }
    }
    const weights = state.weights.slice();
    const sets = update ? methodUpdate(state, method, plan, { seed, step }) : undefined;
    history.push({ step, before, weights, sets, after: structuredClone(state) });
  }
  return { state, plan, history };
}

// The masks of those with an opening come from gradients of a real network, and stay: opening.gpu.test.ts.
const opens = ({ plan, card }: Method): boolean => plan({ layers: [], steps: 1, knobs: defaultKnobs(card.knobs) }).opening !== undefined;
const sparse = Object.entries(METHODS).filter(([id, method]) => id !== 'dense' && !opens(method)).map(([id]) => id);
const densities = [0.9, 0.5, 0.2, 0.05];
const flags = [true, false].flatMap((regrowAllowed) => [true, false].map((keepValueOnRegrow) => ({ regrowAllowed, keepValueOnRegrow })));
const cases = sparse.flatMap((id) => densities.flatMap((density, i) => ({ id, density, seed: i + 1, ...flags[i]! })));
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const maskable = shapes.reduce((total, [out, inputs]) => total + out * inputs, 0);

describe.each(cases)('$id at density $density (regrow $regrowAllowed, keep value $keepValueOnRegrow)', ({ id, seed, ...knobs }) => {
  const { history, plan } = train(id, seed, { ...knobs, updatePeriod: 1, updateStart: 0, updateEnd: 1 });

  test('I1, I5: the active weights are those planned, layer by layer', () => {
    for (const { step, after } of history) {
      const counts = activeCounts(after);
      expect(Math.abs(sum(counts) - Math.round(plan.density(step) * maskable))).toBe(0);
      if (plan.scope === 'layer' && !['gmp', 'granet'].includes(id)) expect(counts).toEqual(plan.target(step));
    }
  });

  test('I2: weights and optimizer state are 0 outside the mask, but for methods that train them, too', () => {
    if (plan.keepsInactive) return expect(history.some(({ after }) => after.weights.some((w, i) => w !== 0 && after.mask[i] === 0))).toBe(true);
    for (const { after } of history) {
      const members = after.layers.flatMap(({ offset, size }) => Array.from({ length: size }, (_, i) => offset + i));
      const live = (i: number): boolean => after.weights[i] !== 0 || after.slots[0]![i] !== 0;
      expect(members.filter((i) => after.mask[i] === 0 && live(i))).toEqual([]);
    }
  });

  test('I3, I9: what is dropped was active, what is grown was not kept, and starts at 0', () => {
    for (const { before, weights, sets, after } of history) {
      if (sets === undefined) continue;
      const dropped = new Set(sets.dropped);
      const grown = new Set(sets.grown);
      expect(sets.dropped.filter((i) => before[i] === 0)).toEqual([]);
      expect(sets.grown.filter((i) => before[i] === 1 && !dropped.has(i))).toEqual([]);
      const start = (i: number): number => (plan.keepsInactive || (before[i] === 1 && knobs.keepValueOnRegrow) ? weights[i]! : 0);
      expect(sets.grown.map((i) => after.weights[i])).toEqual(sets.grown.map(start));
      expect(sets.regrown).toEqual(sets.grown.filter((i) => dropped.has(i)));
      if (!knobs.regrowAllowed) expect(sets.regrown).toEqual([]);
      expect(after.mask).toEqual(before.map((bit, i) => (grown.has(i) ? 1 : dropped.has(i) ? 0 : bit)));
    }
  });

  test('I4: no survivor of a drop is smaller than a weight that was dropped', () => {
    for (const { before, weights, sets, after } of history) {
      if (sets === undefined) continue;
      const dropped = new Set(sets.dropped);
      const groups = plan.scope === 'global' && plan.exchange === undefined ? [after.layers] : after.layers.map((layer) => [layer]);
      for (const group of groups) {
        const members = group.flatMap(({ offset, size }) => Array.from({ length: size }, (_, i) => offset + i));
        const left = members.filter((i) => dropped.has(i)).map((i) => Math.abs(weights[i]!));
        const stayed = members.filter((i) => before[i] === 1 && !dropped.has(i)).map((i) => Math.abs(weights[i]!));
        expect(Math.max(0, ...left)).toBeLessThanOrEqual(Math.min(Number.POSITIVE_INFINITY, ...stayed));
      }
    }
  });

  test('I6: a weight that was active once stays marked so', () => {
    history.forEach(({ after }, i) => {
      const earlier = history[i - 1]?.after.fired;
      const forgotten = after.fired.filter((bit, w) => bit < after.mask[w]! || bit < (earlier?.[w] ?? 0));
      expect(forgotten.length).toBe(0);
    });
  });
});

test('I7: a fixed mask stays as it is, and so does its ITOP rate', () => {
  const { history } = train('random', 3, { density: 0.2 });
  for (const { after } of history) {
    expect(after.mask).toEqual(history[0]!.after.mask);
    expect(after.fired).toEqual(after.mask);
  }
});

test.each(['set', 'rigl', 'snfs'])('I8: %s without exchange is the fixed mask, bit for bit', (id) => {
  const knobs = { density: 0.2, distribution: 'erk' };
  const fixed = train('random', 5, knobs).state;
  const still = train(id, 5, { ...knobs, dropFraction: 0, updatePeriod: 3, skipGradientOnUpdate: false, keepValueOnRegrow: true }).state;
  expect(still).toEqual(fixed);
});

test.each(['set', 'rigl', 'granet', 'snfs'])('I10: %s at density 1 trains as the dense network, bit for bit', (id) => {
  const dense = train('dense', 5, {}).state;
  const full = train(id, 5, { density: 1, initialDensity: 1, updatePeriod: 3, skipGradientOnUpdate: false, keepValueOnRegrow: true }).state;
  expect(full.weights).toEqual(dense.weights);
  expect(full.slots).toEqual(dense.slots);
});

test.each(['layer', 'global'] as const)('GraNet that exchanges nothing is GMP, bit for bit (%s)', (scope) => {
  for (const initialDensity of [1, 0.5]) {
    const knobs = { density: 0.1, initialDensity, scope, distribution: 'erk', updatePeriod: 3, updateStart: 0.1, updateEnd: 0.6 };
    const pruned = train('gmp', 5, knobs);
    const granet = train('granet', 5, { ...knobs, dropFraction: 0 });
    expect(granet.state).toEqual(pruned.state);
    expect(train('granet', 5, { ...knobs, dropFraction: 0.3 }).state.mask).not.toEqual(pruned.state.mask);
  }
});

test('a method without an update changes nothing', () => {
  const { state, plan } = train('random', 1, { density: 0.5 });
  const before = structuredClone(state);
  expect(methodUpdate(state, findMethod('random'), plan, { seed: 1, step: 3 })).toEqual({ dropped: [], grown: [], regrown: [] });
  expect(state).toEqual(before);
});
