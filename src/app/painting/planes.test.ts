import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LayerFacts, MaskSnapshot } from '../../engine/experiment/events.ts';
import { codesOf, planesOfCodes, planesOfStates } from './planes.ts';
import { classify } from '../mask/states.ts';

it('planes of states are the planes of the classified codes, of every layer of a snapshot', () => {
  const flags = fc.array(fc.nat({ max: 0xffffffff }), { minLength: 6, maxLength: 6 }).map((list) => Uint32Array.from(list));
  fc.assert(fc.property(flags, flags, flags, flags, fc.boolean(), (mask, previous, regrown, fired, maskable) => {
    const snapshot = { mask, previous, regrown, fired } as unknown as MaskSnapshot;
    const layer = { out: 7, in: 13, words: 3, wordOffset: 2, maskable } as LayerFacts;
    expect(codesOf(planesOfStates(snapshot, layer))).toEqual(classify(snapshot, layer));
  }));
});

it('codes survive being packed, whatever their number', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 40 }), fc.nat(), (out, inputs, seed) => {
    const codes = Uint8Array.from({ length: out * inputs }, (_, i) => ((i + seed) * 7919 >>> 3) % 6);
    expect(codesOf(planesOfCodes(codes, { out, in: inputs }))).toEqual(codes);
  }));
});
