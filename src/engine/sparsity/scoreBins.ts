import type { ScoreName } from './method.ts';

/** Bins of a histogram of scores, the same for every layer and update. */
export const SCORE_BINS = 1024;
/** Bits of a key below those that tell its bin. */
const SHIFT = 21;
/** Cut keys that take nothing, and everything; see shaders/lib/select.wgsl. */
const NOTHING = 0xffffffff;
const EVERYTHING = 0;

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The bin of a key (1 to 2^31), as shaders/score_histogram.wgsl counts it. */
export function binOfKey(key: number): number {
  return Math.min((key - 1) >>> SHIFT, SCORE_BINS - 1);
}

/**
 * The score that a key stands for: of `random` a number from 0 to 1, of `curvature` one with a sign, of others a size.
 * NaN where the bits say so.
 */
export function scoreOfKey(score: ScoreName, key: number): number {
  if (score === 'random') return (key - 1) / 2 ** 31;
  const word = score === 'curvature' ? (key - 1) * 2 : key - 1;
  bits[0] = score === 'curvature' && word < 0x80000000 ? ~word : word & 0x7fffffff;
  return float[0] as number;
}

/** The lowest score of a bin; bins are equally wide for `random`, and four to a power of two for sizes. */
export function lowEdge(score: ScoreName, bin: number): number {
  return scoreOfKey(score, bin * 2 ** SHIFT + 1);
}

/** The score at a cut: the lowest that was taken. Infinity where nothing was, -Infinity where everything was. */
export function scoreAtCut(score: ScoreName, cutKey: number): number {
  if (cutKey === NOTHING) return Number.POSITIVE_INFINITY;
  if (cutKey === EVERYTHING) return Number.NEGATIVE_INFINITY;
  return scoreOfKey(score, cutKey);
}

/** Where a key lies among the bins: 2.5 is the middle of bin 2. */
export function placeOfKey(key: number): number {
  return Math.max(0, key - 1) / 2 ** SHIFT;
}

/** Where a size (or, of `random`, a number from 0 to 1) lies among the bins. */
export function placeOfScore(score: Exclude<ScoreName, 'curvature'>, value: number): number {
  float[0] = value;
  return placeOfKey((score === 'random' ? value * 2 ** 31 : bits[0] as number) + 1);
}
