import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { layoutParams } from '../../engine/nn/layout.ts';
import { SINGLE_WEIGHTS } from '../../engine/sparsity/granularity.ts';
import { withGroups } from '../../engine/sparsity/groups.ts';
import { AXES, SHARES } from '../../engine/sparsity/pattern.ts';
import { chooseByPattern } from '../../engine/sparsity/patternChoice.ts';
import { applyUpdate } from '../../engine/sparsity/reference.ts';
import { loadUnits } from '../../engine/sparsity/units.ts';
import { agreement, agreementByChance, chosenMask, patternMask } from './agreement.ts';
import { groupCount, lineCount, sharingLines, slotCount, weightAt, type Lens } from './lens.ts';
import { chosenOf, cutOf, keysOf, ranksOf } from './ranks.ts';

beforeAll(() => loadUnits({ granularity: 'nm' }));

/** Weights of which many tie, in size but not in sign. */
const weightsOf = (count: number, seed: number): Float32Array => Float32Array.from({ length: count }, (_, i) => {
  const u = Math.sin(seed * (i + 1));
  return i % 5 < 3 ? Math.round(3 * u) / 4 : u;
});

/** The mask that the engine's reference chooses, [out, in]. */
function referenceMask(values: Float32Array, lens: Lens): Uint8Array {
  const { layer: { out, in: inputs }, pattern, share, score } = lens;
  const spec = { name: 'a.weight', shape: [out, inputs], init: 'zeros', rateScale: 1, decayScale: 1, trainable: true, maskable: true } as const;
  const layout = withGroups(layoutParams([spec]), { ...SINGLE_WEIGHTS, granularity: 'nm', ...pattern, share: String(share) as (typeof SHARES)[number], blockScore: score });
  const empty = (): Float32Array => new Float32Array(layout.n);
  const weights = empty();
  weights.set(values);
  const state = { layers: [{ offset: 0, size: out * inputs }], groups: layout.groups, pattern: layout.pattern, weights, gradients: empty(), slots: [], mask: new Uint8Array(layout.n), fired: new Uint8Array(layout.n) };
  applyUpdate(state, { seed: 1, step: 0, counts: { keep: [0], grow: [0] }, scope: 'layer', regrowAllowed: true, keepValueOnRegrow: false, keepsInactive: true }, (moves) => moves.choose('magnitude'));
  return state.mask.subarray(0, out * inputs);
}

const cases = fc.record({
  n: fc.integer({ min: 1, max: 12 }), m: fc.integer({ min: 1, max: 12 }), out: fc.integer({ min: 1, max: 21 }), in: fc.integer({ min: 1, max: 21 }),
  axis: fc.constantFrom(...AXES), share: fc.constantFrom(...SHARES.map(Number)), score: fc.constantFrom('mean' as const, 'max' as const), seed: fc.integer({ min: 1, max: 1000 }),
});

describe('what the microscope says a mask would keep', () => {
  test('is what the reference chooses, for all patterns, axes, shares and remainders, ties included', () => {
    fc.assert(fc.property(cases, ({ n, m, out, in: inputs, axis, share, score, seed }) => {
      const values = weightsOf(out * inputs, seed);
      const of = (along: Lens['along']): Lens => ({ layer: { out, in: inputs }, along, pattern: { n: Math.min(n, m), m, axis }, share: axis === 'both' ? 1 : share, score });
      for (const along of axis === 'both' ? ['in', 'out'] as const : [axis]) {
        const lens = of(along);
        const want = referenceMask(values, lens);
        expect(chosenMask(lens, values)).toEqual(want);
        for (let line = 0; line < lineCount(lens); line++) {
          const chosen = chosenOf(lens, values, line);
          for (let slot = 0; slot < slotCount(lens); slot++) {
            for (let member = 0; member < sharingLines(lens, line); member++) expect(chosen[slot]).toBe(want[weightAt(lens, line, slot, member)]);
          }
        }
      }
    }), { numRuns: 200 });
  });

  test('covers every weight once', () => {
    fc.assert(fc.property(cases, ({ n, m, out, in: inputs, share, seed }) => {
      const lens: Lens = { layer: { out, in: inputs }, along: seed % 2 ? 'in' : 'out', pattern: { n: Math.min(n, m), m, axis: 'in' }, share, score: 'mean' };
      const seen = new Uint8Array(out * inputs);
      for (let line = 0; line < lineCount(lens); line++) for (let slot = 0; slot < slotCount(lens); slot++) for (let member = 0; member < sharingLines(lens, line); member++) seen[weightAt(lens, line, slot, member)]!++;
      expect(seen.every((times) => times === 1)).toBe(true);
      expect(groupCount(lens)).toBe(Math.ceil(slotCount(lens) / m));
    }));
  });
});

describe('ranks and cuts', () => {
  test('go by size, ties to the lower place, NaN first', () => {
    expect(ranksOf(keysOf(Float32Array.of(0.5, 0.5, 0, 2)))).toEqual([1, 2, 3, 0]);
    expect(ranksOf(keysOf(Float32Array.of(1, NaN, 0)))).toEqual([1, 0, 2]);
  });

  test.each([
    ['two kept of four', [4, 1, 3, 2], [1, 0, 1, 0], { kept: 3, left: 2, margin: 1 / 3 }],
    ['what is left out is larger', [4, 5, 3, 2], [1, 0, 1, 0], { kept: 3, left: 5, margin: -2 / 3 }],
    ['a tie', [2, 2, 3, 1], [1, 0, 1, 0], { kept: 2, left: 2, margin: 0 }],
    ['all kept', [1, 2], [1, 1], { kept: 1, left: undefined, margin: undefined }],
    ['a zero kept in place of a weight', [0, 2], [1, 0], { kept: 0, left: 2, margin: -1 }],
  ])('%s', (_, scores, kept, cut) => {
    expect(cutOf(scores, (slot) => kept[slot] === 1, { first: 0, size: scores.length })).toEqual(cut);
  });
});

describe('masks of two directions', () => {
  // Worked by hand: docs/decisions/0013 and its tests have the same matrix. In column 2 |2| = |-2|: the upper one stays.
  const W = Float32Array.of(4, -1, 2, 3, 1, 5, -2, -6, -7, 2, 1, 3, 2, -3, 8, -4);
  const bits = (mask: Uint8Array): string => mask.join('').replace(/(.{4})(?=.)/g, '$1/');

  test('of one matrix at 2:4, and the share of bits that agree', () => {
    const [forward, backward] = (['in', 'out'] as const).map((along) => patternMask(W, { out: 4, in: 4 }, along, { n: 2, m: 4 })) as [Uint8Array, Uint8Array];
    expect(bits(forward)).toBe('1001/0101/1001/0011');
    expect(bits(backward)).toBe('1010/0101/1000/0111');
    expect(agreement(forward, backward)).toBe(0.75);
    expect(agreementByChance(forward, backward)).toBe(0.5);
    expect(agreementByChance(Uint8Array.of(1, 0, 0, 0), Uint8Array.of(0, 0, 0, 1))).toBe(0.625);
  });

  test('are those of the reference', () => {
    fc.assert(fc.property(cases, ({ n, m, out, in: inputs, seed }) => {
      const values = weightsOf(out * inputs, seed);
      for (const axis of ['in', 'out'] as const) {
        const pattern = { n: Math.min(n, m), m, axis };
        expect(patternMask(values, { out, in: inputs }, axis, pattern)).toEqual(chooseByPattern(keysOf(values), { rows: out, columns: inputs }, pattern));
      }
    }));
  });
});
