import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PURPOSE, randomU32, randomUniform } from '../random.ts';
import { shareWord } from './counts.ts';
import type { MaskMoves } from './method.ts';
import { findMethod } from './methods/index.ts';
import { activeCounts, applyUpdate, scoreKey, type ReferenceState, type ReferenceUpdate } from './reference.ts';

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
  expect(state.fired.reduce((a, b) => a + b, 0) / size).toBeCloseTo(0.3516, 1);
});
