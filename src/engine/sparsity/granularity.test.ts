import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { MasksSpec } from '../experiment/experiment.ts';
import { layoutParams } from '../nn/layout.ts';
import { unpackBits } from './bits.ts';
import { layerCounts } from './distributions.ts';
import { GRANULARITIES, grouped, groupCount, groupShape, SINGLE_WEIGHTS, weightsOf } from './granularity.ts';
import { activeIn, layoutGroups, withGroups } from './groups.ts';
import { groupTables } from './groupTables.ts';
import { initialMask } from './initialMask.ts';
import { defaultKnobs } from './knobs.ts';
import { METHODS } from './methods/index.ts';
import { loadUnits } from './units.ts';

beforeAll(() => loadUnits({ granularity: 'nm' }));

const spec = (granularity: MasksSpec['granularity'], blockSize: MasksSpec['blockSize'] = '16'): MasksSpec => ({ ...SINGLE_WEIGHTS, granularity, blockSize, blockScore: 'mean' });
const tensor = (shape: readonly number[]): Parameters<typeof layoutParams>[0][number] =>
  ({ name: shape.join('x'), shape, init: 'kaiming', maskable: true, rateScale: 1, decayScale: 1, trainable: true });

describe('groups of a layer', () => {
  test.each([
    ['weight', { out: 10, in: 128 }, 1280], ['block', { out: 10, in: 128 }, 8], ['block', { out: 17, in: 33 }, 6], ['block', { out: 3, in: 5 }, 1],
    ['kernel', { out: 10, in: 128 }, 1280], ['kernel', { out: 6, in: 36, kernel: [3, 3] }, 24], ['channel', { out: 6, in: 36, kernel: [3, 3] }, 6], ['channel', { out: 10, in: 128 }, 10],
  ] as const)('of %s in %o are %i', (granularity, layer, count) => {
    expect(groupCount(spec(granularity), layer)).toBe(count);
  });

  test('lie one after the other, each layer on a boundary; none are laid out where all are single weights', () => {
    const { layers } = layoutParams([[17, 33], [5, 2, 3, 3]].map(tensor));
    expect(layoutGroups(layers, spec('weight'))).toBeUndefined();
    expect(layoutGroups([layers[0]!], spec('kernel'))).toBeUndefined();
    expect(layoutGroups(layers, spec('block'))).toEqual({
      unit: 'block', score: 'mean', n: 128,
      layers: [
        { offset: 0, length: 6, first: 0, out: 17, in: 33, rows: 16, columns: 16 },
        { offset: 64, length: 2, first: 576, out: 5, in: 18, rows: 5, columns: 16 },
      ],
    });
    expect(layoutGroups(layers, spec('kernel'))?.layers.map(({ length, columns }) => [length, columns])).toEqual([[561, 1], [10, 9]]);
  });

  test('are told to the device with the reciprocals of their weights, at the edges too', () => {
    const groups = layoutGroups(layoutParams([[17, 33]].map(tensor)).layers, spec('block'))!;
    const table = groupTables(groups).get('group table')!;
    expect([...table.subarray(0, 8)]).toEqual([0, 17, 33, 16, 16, 0, 3, 6]);
    expect([...new Float32Array(table.buffer, 32, 4)]).toEqual([1 / 256, 1 / 16, 1 / 16, 1]);
  });
});

describe('planned counts', () => {
  const shapes = [[300, 784], [100, 300], [10, 100]];
  const blocks = shapes.map(([out, inputs]) => groupCount(spec('block'), { out: out!, in: inputs! }));

  test('of single weights are those of weights, whatever the density', () => {
    const sizes = shapes.map(([out, inputs]) => out! * inputs!);
    fc.assert(fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom('uniform', 'erk', 'erk-plus', 'er', 'uniform-plus' as const), (density, distribution) => {
      expect(layerCounts(distribution, shapes, density, 1, sizes)).toEqual(layerCounts(distribution, shapes, density));
    }), { numRuns: 100 });
  });

  test('of blocks give each layer the density that weights would have, to one block', () => {
    for (const density of [0.05, 0.2, 0.5, 0.95]) {
      const weights = layerCounts('erk', shapes, density);
      const counts = layerCounts('erk', shapes, density, 1, blocks);
      counts.forEach((count, l) => {
        const share = weights[l]! / (shapes[l]![0]! * shapes[l]![1]!);
        expect(Math.abs(count - Math.max(1, share * blocks[l]!))).toBeLessThanOrEqual(1);
      });
    }
  });

  test('reach none and all', () => {
    expect(layerCounts('erk', shapes, 0, 1, blocks)).toEqual([0, 0, 0]);
    expect(layerCounts('erk', shapes, 1, 1, blocks)).toEqual(blocks);
  });

  test.each(Object.keys(METHODS))('of %s never exceed the groups, and exchange within them', (id) => {
    const method = METHODS[id as keyof typeof METHODS];
    const layers = grouped([{ name: 'fc1', out: 17, in: 33 }, { name: 'fc2', out: 10, in: 17 }], spec('block', '4'));
    for (const density of [0, 0.05, 0.5, 0.95, 1]) {
      const plan = method.plan({ layers, steps: 40, knobs: { ...defaultKnobs(method.card.knobs), density, updatePeriod: 3 } });
      const { counts, choose } = plan.initial();
      counts.forEach((count, l) => expect(count).toBeLessThanOrEqual(layers[l]!.groups));
      expect(choose === 'all').toBe(counts.every((count, l) => count === layers[l]!.groups));
      if (plan.scope === 'global') continue;
      const { keep, grow } = plan.counts(20, layers.map((layer) => layer.groups));
      expect(keep.map((k, l) => k + grow[l]!)).toEqual(plan.target(20));
      expect(plan.density(20)).toBeCloseTo(weightsOf(layers, plan.target(20)).reduce((a, b) => a + b, 0) / (17 * 33 + 170), 12);
    }
  });
});

describe('a random mask', () => {
  const layers = [
    { name: 'fc1', out: 17, in: 33, maskable: true, wordOffset: 0, words: 18 },
    { name: 'conv1', out: 5, in: 18, kernel: [3, 3] as const, maskable: true, wordOffset: 18, words: 3 },
  ];
  test.each(GRANULARITIES.map((granularity) => spec(granularity, '4')))('of $granularity is made of whole groups, as many as asked for', (masks) => {
    const counts = grouped(layers, masks).map(({ groups, kept }) => kept ?? Math.ceil(groups / 3));
    const mask = initialMask(layers, { counts, choose: 'random' }, 7, masks);
    layers.forEach((layer, l) => {
      const { rows, columns } = groupShape(masks, layer);
      const bits = unpackBits(mask, layer.out * layer.in, layer.wordOffset);
      const states = new Map<string, Set<number>>();
      bits.forEach((bit, i) => {
        const key = `${Math.floor(i / layer.in / rows)} ${Math.floor((i % layer.in) / columns)}`;
        states.set(key, (states.get(key) ?? new Set()).add(bit));
      });
      expect([...states.values()].every((found) => found.size === 1)).toBe(true);
      expect([...states.values()].filter((found) => found.has(1))).toHaveLength(counts[l]!);
    });
  });

  test('of single weights is the one that it was before masks had units', () => {
    const initial = { counts: [100, 20], choose: 'random' } as const;
    expect(initialMask(layers, initial, 7, SINGLE_WEIGHTS)).toEqual(initialMask(layers, initial, 7));
  });

  test('is counted as it was drawn', () => {
    const layout = layoutParams([[17, 33], [5, 2, 3, 3]].map(tensor));
    for (const masks of GRANULARITIES.map((granularity) => spec(granularity, '4'))) {
      const placed = layers.map((layer, l) => ({ ...layer, wordOffset: layout.layers[l]!.offset / 32 }));
      const counts = grouped(layers, masks).map(({ groups, kept }) => kept ?? Math.ceil(groups / 3));
      expect(activeIn(initialMask(placed, { counts, choose: 'random' }, 7, masks), withGroups(layout, masks))).toEqual(counts);
    }
  });
});
