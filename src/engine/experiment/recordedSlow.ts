import * as v from 'valibot';
import { SCORE_BINS } from '../sparsity/scoreBins.ts';
import { packBitset, packFloats, packWords, unpackBitset, unpackFloats, unpackWords } from './bytes.ts';
import type { SlowMove, SlowUpdate } from './events.ts';
import { MAX_SLOW_UPDATES } from './runLog.ts';
import { MAX_PARAMETERS } from './schema.ts';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const score = v.picklist(['magnitude', 'gradient', 'momentum', 'sensitivity', 'curvature', 'random'] satisfies SlowMove['score'][]);

/** What a recording's header says of its mask updates in slow motion; their numbers stand behind those of the masks. */
export const slowSchema = v.object({
  step: count, update: count, words: v.pipe(count, v.maxValue(MAX_PARAMETERS / 16)), layers: v.pipe(count, v.maxValue(16)), drop: score, grow: v.optional(score),
  /** Number of the snapshot of the main network that the update made, whose mask tells most of its own; absent where that was left out, and before version 2. */
  snapshot: v.optional(count),
});
/** Of these a recording has at most so many as a log. */
export const slowListSchema = v.pipe(v.array(slowSchema), v.maxLength(MAX_SLOW_UPDATES));

type SlowHeader = v.InferOutput<typeof slowSchema>;

/** Puts the numbers of an update behind the others. @param made the snapshot that it made, where the recording has it */
export function saveSlow({ step, update, drop, grow, before, kept, after, losses }: SlowUpdate, made: { index: number; mask: Uint32Array } | undefined, blobs: Uint8Array[]): SlowHeader {
  const mask = made ? [made.mask] : [];
  blobs.push(packBitset(before, ...mask), packBitset(kept, before, ...mask), packBitset(after, kept, made?.mask ?? before), packFloats(losses));
  for (const move of [drop, ...(grow ? [grow] : [])]) blobs.push(packWords(move.counts), packWords(move.cuts));
  return { step, update, words: before.length, layers: drop.cuts.length, drop: drop.score, ...(grow && { grow: grow.score }), ...(made && { snapshot: made.index }) };
}

/** Takes them back. @param made the mask of the snapshot that the header names @throws whatever `take` throws where the body ends early. */
export function readSlow({ step, update, words, layers, drop, grow }: SlowHeader, made: Uint32Array | undefined, take: (length: number) => Uint8Array): SlowUpdate {
  const mask = made ? [made] : [];
  const before = unpackBitset(take(4 * words), ...mask);
  const kept = unpackBitset(take(4 * words), before, ...mask);
  const after = unpackBitset(take(4 * words), kept, made ?? before);
  const losses = unpackFloats(take(12));
  const moveOf = (of: SlowMove['score']): SlowMove => ({ score: of, counts: unpackWords(take(4 * layers * SCORE_BINS)), cuts: unpackWords(take(4 * layers)) });
  return { step, update, before, kept, after, losses, drop: moveOf(drop), ...(grow && { grow: moveOf(grow) }) };
}
