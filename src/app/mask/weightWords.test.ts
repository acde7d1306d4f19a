import { describe, expect, it } from 'vitest';
import { createRunLog } from '../../engine/experiment/runLog.ts';
import { PRESETS } from '../../engine/experiment/presets/index.ts';
import { cellLines } from './cellWords.ts';
import { criteriaAt, scoreOf } from './criteria.ts';
import { CODE } from './states.ts';
import { scoreWords, weightLines, type Reading } from './weightWords.ts';

const layer = { name: 'fc1', out: 2, in: 4, maskable: true, wordOffset: 0, words: 1, activation: 'relu' };
const gradients = { step: 9, values: Float32Array.of(0, 0, -0.25, 0, 0, 0.5, 0, 0), average: false, dense: true };
const reading: Reading = {
  layer, codes: Uint8Array.from([CODE.kept, CODE.grown, CODE.never, CODE.dropped, CODE.kept, CODE.was, CODE.never, CODE.never]), image: undefined, flips: undefined,
  criteria: { drop: 'magnitude', grow: 'gradient', ofGroups: false }, source: 'live', weights: { step: 8, values: Float32Array.of(-0.5, 0, 0, 0, 2, 0, 0, 0) }, gradients,
};

describe('words of a weight', () => {
  it('say its value, and what would let it stay or enter', () => {
    expect(weightLines(reading, 0, 0)).toEqual(['Input 0 to unit 0: kept.', 'Weight -0.5, as of step 8.', 'Drop score |w| 0.5, as of step 8.']);
    expect(weightLines(reading, 1, 1).at(-1)).toBe('Grow score |g| 0.5, as of step 9.');
    expect(weightLines(reading, 0, 2).at(-1)).toBe('Grow score |g| 0.25, as of step 9.');
  });

  it('say what is missing instead of a number', () => {
    for (const [source, words] of [['recording', /not in the recording/], ['earlier', /not kept for earlier steps/], ['preview', /once it trains/]] as const) {
      const lines = weightLines({ ...reading, source }, 0, 0);
      expect(lines).toHaveLength(2);
      expect(lines[1]).toMatch(words);
    }
    expect(weightLines({ ...reading, weights: undefined }, 0, 0)).toEqual(['Input 0 to unit 0: kept.', 'Weight: being read.']);
    expect(scoreWords({ ...reading, gradients: undefined }, 2)).toBe('Grow score |g|: being read.');
    expect(scoreWords({ ...reading, gradients: { ...gradients, values: new Float32Array(0) } }, 2)).toBe('Grow score |g|: no gradient so far.');
  });

  it('do not take an old gradient of a sparsely stored layer for a new one', () => {
    const sparse = { ...reading, criteria: { ...reading.criteria, drop: 'gradient' as const }, gradients: { ...gradients, dense: false } };
    expect(scoreWords(sparse, 2)).toMatch(/only mask updates compute it/);
    expect(scoreWords(sparse, 0)).toBe('Drop score |g| 0, as of step 9.');
  });

  it('say why there is no score', () => {
    expect(scoreWords({ ...reading, layer: { ...layer, maskable: false } }, 0)).toBe('No score: this layer is dense.');
    expect(scoreWords({ ...reading, criteria: { ofGroups: false } }, 0)).toMatch(/stays as it is/);
    expect(scoreWords({ ...reading, criteria: { drop: 'magnitude', ofGroups: false } }, 2)).toMatch(/grows nothing/);
    expect(scoreWords({ ...reading, criteria: { drop: 'magnitude', grow: 'random', ofGroups: false } }, 2)).toMatch(/by chance/);
    expect(scoreWords({ ...reading, criteria: { drop: 'curvature', ofGroups: false } }, 0)).toMatch(/only the update itself/);
    expect(scoreWords({ ...reading, criteria: { ...reading.criteria, ofGroups: true } }, 0)).toContain('ranked with its group');
  });

  it('name pixels of an image, and points of a kernel', () => {
    expect(weightLines({ ...reading, image: { rows: 2, columns: 2 } }, 1, 2)[0]).toBe('Pixel row 2, column 1 to unit 1: never.');
    expect(weightLines({ ...reading, layer: { ...layer, in: 8, out: 1, kernel: [2, 2] } }, 0, 5)[0]).toBe('Filter 0, channel 1, row 1, column 2: was active.');
  });
});

describe('words of a square', () => {
  it('count the units that listen to an input, by what the last update did', () => {
    expect(cellLines(reading, { x: 0, y: 0, side: 1, input: 0, k: 1 }, { rows: 2, columns: 2 })).toEqual(['Input 0: 2 of 2 links active.', '2 kept.']);
    expect(cellLines(reading, { x: 0, y: 0, side: 1, input: 1, k: 1 }, { rows: 2, columns: 2 })).toEqual(['Input 1: 1 of 2 links active.', '1 grown, 1 was active.']);
  });

  it('count a unit, and tell of its weight or its block', () => {
    expect(cellLines(reading, { x: 0, y: 0, side: 1, unit: 1, input: 0, k: 1 }, { rows: 2, columns: 2 })[0]).toBe('Unit 1: 1 of 4 links active.');
    expect(cellLines(reading, { x: 0, y: 0, side: 1, unit: 0, input: 0, k: 2 }, { rows: 2, columns: 2 })).toEqual([
      'Unit 0: 2 of 4 links active.', '4 weights, 2 active, 1 dropped, 1 grown.', 'Largest weight -0.5, as of step 8.',
    ]);
  });
});

describe('criteria', () => {
  const at = (preset: keyof typeof PRESETS, step = 0) => criteriaAt({ ...createRunLog(), experiment: PRESETS[preset]!.experiment }, step);

  it('are those of the method, and of the prune that the next phase begins with', () => {
    expect(at('rigl-moons')).toEqual({ drop: 'magnitude', grow: 'gradient', ofGroups: false });
    expect(at('set-mnist')).toMatchObject({ grow: 'random' });
    expect(at('gmp-mnist')).not.toHaveProperty('grow');
    expect(at('lottery-mnist')).toEqual({ drop: 'magnitude', ofGroups: false });
    expect(at('ste-moby')).toEqual({ drop: 'magnitude', grow: 'magnitude', ofGroups: true });
    expect(at('snip-mnist')).toEqual({ ofGroups: false });
    expect(at('rigl-block-mnist').ofGroups).toBe(true);
  });

  it('never take an average for a gradient', () => {
    expect(scoreOf('gradient', 1, { value: -2, average: true })).toBeUndefined();
    expect(scoreOf('momentum', 1, { value: -2, average: false })).toBeUndefined();
    expect(scoreOf('momentum', 1, { value: -2, average: true })).toBe(2);
    expect(scoreOf('sensitivity', 3, { value: -2, average: false })).toBe(6);
  });
});
