import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mulberry } from '../../engine/experiment/logs.testing.ts';
import { setPath } from '../../engine/experiment/paths.ts';
import { packBits } from '../../engine/sparsity/bits.ts';
import { maskedRuns, networkOf, overlapOf, overlapTable } from './overlap.ts';
import { pastRunOf } from './pastRun.ts';
import { madeUpLog, MOONS } from './runs.testing.ts';

const layer = (name: string, size: number, wordOffset: number) => ({ name, out: size, in: 1, maskable: true, wordOffset, words: Math.ceil(size / 32), activation: 'relu' });
const drawn = (size: number, density: number, seed: number): Uint32Array => {
  const random = mulberry(seed);
  return packBits(Uint8Array.from({ length: size }, () => (random() < density ? 1 : 0)));
};

describe('the overlap of two masks', () => {
  test('is 1 of a mask with itself and 0 of masks without a weight in common', () => {
    const mask = packBits(Uint8Array.of(1, 0, 1, 1, 0, 0, 0, 0));
    const other = packBits(Uint8Array.of(0, 1, 0, 0, 1, 1, 0, 0));
    expect(overlapOf(mask, mask, [layer('fc1', 8, 0)]).share).toBe(1);
    expect(overlapOf(mask, other, [layer('fc1', 8, 0)]).share).toBe(0);
    // Two of three in common, of four in either.
    expect(overlapOf(mask, packBits(Uint8Array.of(1, 1, 1, 0, 0, 0, 0, 0)), [layer('fc1', 8, 0)]).share).toBe(0.5);
  });

  test.each([0.01, 0.05, 0.2, 0.5])('by chance is d / (2 - d) at density %d, which random masks reach', (density) => {
    const size = 400_000;
    const { share, chance } = overlapOf(drawn(size, density, 1), drawn(size, density, 2), [layer('fc1', size, 0)]);
    expect(chance / (density / (2 - density))).toBeCloseTo(1, 1);
    // Four standard deviations of the number of weights in common.
    expect(Math.abs(share / chance - 1)).toBeLessThan(4 / Math.sqrt(density ** 2 * size));
  });

  test('by chance counts layers apart: masks that agree on which layer is dense agree on little else', () => {
    const layers = [layer('fc1', 64, 0), layer('fc2', 64, 2), { ...layer('fc3', 64, 0), maskable: false }];
    const full = [0xffffffff, 0xffffffff];
    const [a, b] = [Uint32Array.of(...full, 0xff, 0), Uint32Array.of(...full, 0, 0xff)];
    expect(overlapOf(a, b, layers)).toEqual({ share: 64 / 80, chance: (64 + 1) / (64 + 16 - 1) });
  });

  test('does not depend on which comes first', () => {
    fc.assert(fc.property(fc.integer(), fc.integer(), (p, q) => {
      const [a, b] = [drawn(200, 0.3, p), drawn(200, 0.1, q)];
      expect(overlapOf(a, b, [layer('fc1', 200, 0)])).toEqual(overlapOf(b, a, [layer('fc1', 200, 0)]));
    }));
  });
});

describe('overlaps of past runs', () => {
  const run = (method: string, seed: number, densities = [0.2]) => pastRunOf(madeUpLog({ experiment: { ...setPath(MOONS, 'sparsity.method', method), seed }, hash: `${method} ${seed}`, densities }));

  test('pair two methods at the same seed, and one method between seeds', () => {
    const { methods, cells } = overlapTable([run('rigl', 1), run('rigl', 2), run('rigl', 3), run('set', 1), run('set', 9)]);
    expect(methods).toEqual(['RigL, 20 %', 'SET, 20 %']);
    expect(cells.map((row) => row.map((cell) => cell?.pairs))).toEqual([[3, 1], [1, 1]]);
    expect(cells[0]![0]!.share).toBe(1);
    expect(overlapTable([run('set', 1)]).cells).toEqual([[null]]);
  });

  test('leave out what has no mask or did not finish, and tell networks apart', () => {
    const stopped = pastRunOf(madeUpLog({ hash: null }));
    expect(maskedRuns([stopped, run('dense', 1, [1]), run('set', 1)])).toHaveLength(1);
    expect(networkOf(run('set', 1))).toBe(networkOf(run('rigl', 2)));
    expect(networkOf(run('set', 1))).not.toBe(networkOf(pastRunOf(madeUpLog({ experiment: setPath(MOONS, 'data.set', 'spirals') }))));
  });
});
