import * as fc from 'fast-check';
import type { MaskSnapshot } from './events.ts';

/** Numbers from 0 to 1 that follow from a seed (mulberry32). */
export function mulberry(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Masks as a method would leave them: about `density` of the bits set, a share `flips` of them changed by each update. */
export function snapshotsOf(shape: { words: number; count: number; every: number; density: number; flips: number; seed: number }): MaskSnapshot[] {
  const random = mulberry(shape.seed);
  const draw = (chance: number): Uint32Array => Uint32Array.from({ length: shape.words }, () => {
    let word = 0;
    for (let bit = 0; bit < 32; bit++) if (random() < chance) word |= 1 << bit;
    return word >>> 0;
  });
  let mask = draw(shape.density);
  let fired = mask;
  return Array.from({ length: shape.count }, (_, update) => {
    const previous = mask;
    const leave = draw(update === 0 ? 0 : shape.flips);
    const enter = draw(update === 0 ? 0 : shape.flips * shape.density);
    mask = previous.map((word, w) => (word & ~(leave[w] as number)) | (enter[w] as number));
    const regrown = previous.map((word, w) => word & (leave[w] as number) & (enter[w] as number));
    const before = fired;
    fired = fired.map((word, w) => word | (mask[w] as number));
    return { arm: 'main' as const, step: update * shape.every, update, mask: mask.slice(), previous: previous.slice(), regrown, fired: before.slice() };
  });
}

/** Histories of one arm. */
export const arbitrarySnapshots: fc.Arbitrary<MaskSnapshot[]> = fc.record({
  words: fc.integer({ min: 0, max: 20 }), count: fc.integer({ min: 1, max: 60 }), every: fc.integer({ min: 1, max: 100 }),
  density: fc.double({ min: 0, max: 1, noNaN: true }), flips: fc.double({ min: 0, max: 1, noNaN: true }), seed: fc.nat(),
}).map(snapshotsOf);
