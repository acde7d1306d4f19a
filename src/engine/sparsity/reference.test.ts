import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KnobValue } from '../experiment/card.ts';
import { PURPOSE, randomU32, randomUniform } from '../random.ts';
import { shareWord } from './counts.ts';
import { unpackBits, wordsFor } from './bits.ts';
import { initialMask } from './initialMask.ts';
import { defaultKnobs } from './knobs.ts';
import type { MaskMoves, MaskPlan, Method } from './method.ts';
import { findMethod, METHODS } from './methods/index.ts';
import { activeCounts, applyUpdate, methodUpdate, scoreKey } from './reference.ts';
import type { ReferenceState, ReferenceUpdate, UpdateSets } from './reference.ts';

/** The prune-and-grow example of the docs: 3 x 4 weights, 7 of them active. */
function worked(): ReferenceState {
  const weights = Float32Array.of(0.9, -0.1, 0, 0.3, 0, 0.05, -0.7, 0, 0.2, 0, 0, -0.4);
  return {
    layers: [{ offset: 0, size: 12 }],
    weights,
    gradients: Float32Array.of(0.1, 0.2, -0.9, 0.3, 0.5, -0.6, 0.1, -0.05, 0.2, 0.8, -0.3, 0.4),
    average: Float32Array.of(0, 0.7, 0, 0, 0.1, 0, 0, -0.3, 0.2, 0, -0.6, 0),
    slots: [new Float32Array(12).fill(1)],
    mask: Uint8Array.from(weights, (w) => (w === 0 ? 0 : 1)),
    fired: Uint8Array.from(weights, (w) => (w === 0 ? 0 : 1)),
  };
}

const dropGrow = (moves: MaskMoves): void => {
  moves.drop('magnitude');
  moves.grow('gradient');
};
const exchange = { seed: 1, step: 0, scope: 'layer', regrowAllowed: true, keepValueOnRegrow: false } as const;

describe('the worked example', () => {
  test('drops 5, 1 and 8, grows 2, 9 and 5: 5 at once again', () => {
    const state = worked();
    const sets = applyUpdate(state, { ...exchange, counts: { keep: [4], grow: [3] } }, dropGrow);
    expect(sets).toEqual({ dropped: [1, 5, 8], grown: [2, 5, 9], regrown: [5] });
    expect([...state.mask]).toEqual([1, 0, 1, 1, 0, 1, 1, 0, 0, 1, 0, 1]);
    expect([...state.weights]).toEqual([0.9, 0, 0, 0.3, 0, 0, -0.7, 0, 0, 0, 0, -0.4].map(Math.fround));
    expect([...state.slots[0]!]).toEqual([1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1]);
    expect([...state.fired]).toEqual([1, 1, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1]);
  });

  test('grows 2, 4 and 9 when dropped weights may not return', () => {
    const state = worked();
    const sets = applyUpdate(state, { ...exchange, regrowAllowed: false, counts: { keep: [4], grow: [3] } }, dropGrow);
    expect(sets).toEqual({ dropped: [1, 5, 8], grown: [2, 4, 9], regrown: [] });
  });

  test('keeps value and slots of a regrown weight when asked to', () => {
    const state = worked();
    applyUpdate(state, { ...exchange, keepValueOnRegrow: true, counts: { keep: [4], grow: [3] } }, dropGrow);
    expect([state.weights[5], state.slots[0]![5]]).toEqual([Math.fround(0.05), 1]);
    expect([state.weights[2], state.slots[0]![2]]).toEqual([0, 0]);
  });

  test('drops two when rounded down', () => {
    const state = worked();
    expect(applyUpdate(state, { ...exchange, counts: { keep: [5], grow: [2] } }, dropGrow).dropped).toEqual([1, 5]);
  });
});

describe('on the worked example', () => {
  const grown = (id: string, gradients: number, seed = 1): number[] => {
    const state = worked();
    state.gradients.forEach((g, i) => { state.gradients[i] = g * gradients; });
    return applyUpdate(state, { ...exchange, seed, counts: { keep: [4], grow: [3] } }, findMethod(id).update!).grown;
  };

  test('RigL grows by the size of the gradient, whatever its sign', () => {
    expect([grown('rigl', 1), grown('rigl', -1), grown('rigl', 1, 2)]).toEqual([[2, 5, 9], [2, 5, 9], [2, 5, 9]]);
  });

  test('SNFS grows by the size of the average, whatever the gradient', () => {
    expect([grown('snfs', 1), grown('snfs', -3), grown('snfs', 0)]).toEqual([[1, 7, 10], [1, 7, 10], [1, 7, 10]]);
    const without = { ...worked(), average: undefined };
    expect(() => applyUpdate(without as never, { ...exchange, counts: { keep: [4], grow: [3] } }, findMethod('snfs').update!)).toThrow('needs the average');
  });

  test('SET grows by the seed, whatever the gradients', () => {
    expect(grown('set', 0)).toEqual(grown('set', 1));
    expect(new Set([1, 2, 3, 4].map((seed) => grown('set', 1, seed).join())).size).toBeGreaterThan(1);
  });
});

test('ties go to the lower index, candidates with score 0 too', () => {
  const state = worked();
  state.weights.fill(0.5);
  state.gradients.fill(0);
  const sets = applyUpdate(state, { ...exchange, regrowAllowed: false, counts: { keep: [4], grow: [3] } }, dropGrow);
  expect(sets).toEqual({ dropped: [6, 8, 11], grown: [2, 4, 7], regrown: [] });
});

test('a global scope compares weights of all layers, and may leave one of them empty', () => {
  const state = (): ReferenceState => ({
    layers: [{ offset: 1, size: 4 }, { offset: 7, size: 3 }],
    weights: Float32Array.of(9, 0.1, -0.2, 0.3, 0.4, 9, 9, -1, 2, 3, 9),
    gradients: new Float32Array(11),
    slots: [],
    mask: Uint8Array.of(0, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0),
    fired: new Uint8Array(11),
  });
  const drop = (moves: MaskMoves): void => moves.drop('magnitude');
  const globally = state();
  applyUpdate(globally, { ...exchange, scope: 'global', counts: { keep: [3], grow: [0] } }, drop);
  expect(activeCounts(globally)).toEqual([0, 3]);
  const byLayer = state();
  applyUpdate(byLayer, { ...exchange, counts: { keep: [2, 1], grow: [0, 0] } }, drop);
  expect([...byLayer.mask]).toEqual([0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0]);
  // What lies between the layers is not theirs.
  expect([byLayer.weights[0], byLayer.weights[5], byLayer.weights[6], byLayer.weights[10]]).toEqual([9, 9, 9, 9]);
});

test('keys order as scores do, and are never 0', () => {
  const state = worked();
  const key = (x: number): number => {
    state.weights[0] = x;
    return scoreKey(state, 'magnitude', 0, 0, 0);
  };
  expect(key(0)).toBe(1);
  expect(key(-0)).toBe(1);
  expect(key(-2)).toBe(key(2));
  fc.assert(fc.property(fc.float({ noNaN: true }), fc.float({ noNaN: true }), (a, b) => {
    expect(Math.sign(key(a) - key(b))).toBe(Math.sign(Math.abs(a) - Math.abs(b)) || 0);
  }));
  expect(key(Number.NaN)).toBeGreaterThan(key(Number.POSITIVE_INFINITY));
  expect(scoreKey(state, 'random', 7, 30, 5)).toBe((randomU32(7, PURPOSE.grow, 30, 5) >>> 1) + 1);
});

// ---------------------------------------------------------------------------------------------------------------------
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

describe('after a common threshold', () => {
  // Two layers of six; magnitudes in tenths, gradients of the missing weights in hundredths.
  const two = (): ReferenceState => ({
    layers: [{ offset: 0, size: 6 }, { offset: 6, size: 6 }],
    weights: Float32Array.of(0.9, 0.1, 0.8, 0.7, 0, 0, 0.2, 0.3, 0.6, 0.5, 0.4, 0),
    gradients: Float32Array.of(0, 0.05, 0, 0.04, 0.02, 0.03, 0.05, 0.04, 0, 0, 0.01, 0.02),
    slots: [],
    mask: Uint8Array.of(1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 0),
    fired: new Uint8Array(12),
  });
  const update = { ...exchange, scope: 'global', exchange: 'ceil' } as const;

  test('each layer drops its share of what is left to it, and grows as many', () => {
    // Six stay of nine: 0, 2, 3 and 8, 9, 10. A third of each three is one: 3 and 10 leave, the best gradients enter.
    const state = two();
    const sets = applyUpdate(state, { ...update, counts: { keep: [6], grow: [0], exchange: shareWord(1 / 3) } }, dropGrow);
    expect(sets).toEqual({ dropped: [1, 3, 6, 7, 10], grown: [1, 6], regrown: [1, 6] });
    expect([...state.mask]).toEqual([1, 1, 1, 0, 0, 0, 1, 0, 1, 1, 0, 0]);
    expect(activeCounts(state)).toEqual([3, 3]);
  });

  test('no layer drops more than can enter it, where the dropped may not return', () => {
    const state = two();
    const sets = applyUpdate(state, { ...update, regrowAllowed: false, counts: { keep: [6], grow: [0], exchange: shareWord(1) } }, dropGrow);
    // Two weights were missing from the first layer, one from the second.
    expect(sets).toEqual({ dropped: [1, 2, 3, 6, 7, 10], grown: [4, 5, 11], regrown: [] });
    expect(activeCounts(state)).toEqual([3, 3]);
  });
});

test('SNFS lets the layer with the larger averages grow what the other has dropped', () => {
  // Two layers of six, three active each, one dropped each; the second's averages are three times as large.
  const state: ReferenceState = {
    layers: [{ offset: 0, size: 6 }, { offset: 6, size: 6 }],
    weights: Float32Array.of(0.9, 0.1, 0.8, 0, 0, 0, 0.2, 0.3, 0.6, 0, 0, 0),
    gradients: new Float32Array(12), average: Float32Array.of(1, -1, 1, 5, 0, 0, 3, 3, -3, 0.1, 0.3, 0.2),
    slots: [], mask: Uint8Array.of(1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0), fired: new Uint8Array(12),
  };
  const update = { ...exchange, scope: 'global', exchange: 'trunc', redistribute: true, regrowAllowed: false } as const;
  const sets = applyUpdate(state, { ...update, counts: { keep: [6], grow: [2], exchange: shareWord(1 / 3) } }, findMethod('snfs').update!);
  // Two were dropped, two come with the density: four, shared 1 : 3. The large average of weight 3 counts in its layer alone.
  expect(sets).toEqual({ dropped: [1, 6], grown: [3, 9, 10, 11], regrown: [] });
  expect(activeCounts(state)).toEqual([3, 5]);
});

test('a method without an update changes nothing', () => {
  const { state, plan } = train('random', 1, { density: 0.5 });
  const before = structuredClone(state);
  expect(methodUpdate(state, findMethod('random'), plan, { seed: 1, step: 3 })).toEqual({ dropped: [], grown: [], regrown: [] });
  expect(state).toEqual(before);
});

test('random growth from random masks approaches the expected ITOP rate', () => {
  const size = 4000;
  const state: ReferenceState = {
    layers: [{ offset: 0, size }],
    weights: new Float32Array(size), gradients: new Float32Array(size), slots: [],
    mask: Uint8Array.from({ length: size }, (_, i) => (i < size / 10 ? 1 : 0)),
    fired: Uint8Array.from({ length: size }, (_, i) => (i < size / 10 ? 1 : 0)),
  };
  for (let step = 0; step < 10; step++) {
    // Magnitudes are random here, so the drop is random too.
    state.weights.forEach((_, i) => { state.weights[i] = randomUniform(1, PURPOSE.noise, step, i); });
    const update: ReferenceUpdate = { ...exchange, step, counts: { keep: [280], grow: [120] } };
    applyUpdate(state, update, (moves) => { moves.drop('magnitude'); moves.grow('random'); });
  }
  expect(sum([...state.fired]) / size).toBeCloseTo(0.3516, 1);
});
