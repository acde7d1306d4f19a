import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LayerFacts, MaskSnapshot } from '../../engine/experiment/events.ts';
import { packBits } from '../../engine/sparsity/bits.ts';
import { activeCount, classify, CODE, countStates, LEGEND_ORDER, MASK_STATES } from './states.ts';

function layerOf(out: number, inputs: number, wordOffset = 0): LayerFacts {
  return { name: 'fc1', out, in: inputs, maskable: true, wordOffset, words: Math.ceil((out * inputs) / 32), activation: 'relu' };
}

function snapshotOf(bits: { mask: number[]; previous: number[]; regrown: number[]; fired: number[] }): MaskSnapshot {
  const pack = (flags: number[]): Uint32Array => packBits(Uint8Array.from(flags));
  return { arm: 'main', step: 1, update: 1, mask: pack(bits.mask), previous: pack(bits.previous), regrown: pack(bits.regrown), fired: pack(bits.fired) };
}

describe('states of weights', () => {
  // One weight for each state, in the order of MASK_STATES.
  const six = snapshotOf({ mask: [0, 0, 1, 0, 1, 1], previous: [0, 0, 1, 1, 0, 1], regrown: [0, 0, 0, 0, 0, 1], fired: [0, 1, 1, 1, 0, 1] });

  it('tells the six states apart', () => {
    expect([...classify(six, layerOf(2, 3))]).toEqual(MASK_STATES.map((state) => CODE[state]));
  });

  it('counts them exactly', () => {
    expect(countStates(six, [layerOf(2, 3)])).toEqual({ never: 1, was: 1, kept: 1, dropped: 1, grown: 1, regrown: 1 });
  });

  it('shows each state in the legend once', () => {
    expect([...LEGEND_ORDER].sort()).toEqual([...MASK_STATES].sort());
  });

  it('reads a layer from its own words', () => {
    const second = layerOf(2, 3, 1);
    const shifted = { ...six, mask: Uint32Array.of(0xffffffff, six.mask[0]!), previous: Uint32Array.of(0, six.previous[0]!), regrown: Uint32Array.of(0, six.regrown[0]!), fired: Uint32Array.of(0, six.fired[0]!) };
    expect(classify(shifted, second)).toEqual(classify(six, layerOf(2, 3)));
  });

  it('takes a layer without masks as wholly kept', () => {
    const dense = { ...layerOf(2, 3), maskable: false, words: 0 };
    expect([...classify(six, dense)]).toEqual(Array(6).fill(CODE.kept));
    expect(countStates(six, [dense])).toEqual({ never: 0, was: 0, kept: 6, dropped: 0, grown: 0, regrown: 0 });
  });

  it('agrees with itself: counts are those of the codes, and padding bits belong to no weight', () => {
    const words = fc.array(fc.integer({ min: 0, max: 0xffffffff }), { minLength: 8, maxLength: 8 });
    fc.assert(fc.property(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 1, max: 16 }), words, words, words, words, (out, inputs, mask, previous, regrown, fired) => {
      const layer = layerOf(out, inputs);
      const snapshot: MaskSnapshot = { arm: 'main', step: 0, update: 1, mask: Uint32Array.from(mask), previous: Uint32Array.from(previous), regrown: Uint32Array.from(regrown), fired: Uint32Array.from(fired) };
      const codes = classify(snapshot, layer);
      const counts = countStates(snapshot, [layer]);
      for (const state of MASK_STATES) expect(counts[state]).toBe(codes.filter((code) => code === CODE[state]).length);
      expect(Object.values(counts).reduce((a, b) => a + b, 0)).toBe(out * inputs);
      expect(activeCount(counts)).toBe(counts.kept + counts.grown + counts.regrown);
    }));
  });
});
