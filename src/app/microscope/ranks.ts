import { chooseByPattern } from '../../engine/sparsity/patternChoice.ts';
import { groupAt, groupCount, lineCount, sharingLines, slotCount, weightAt, type Lens } from './lens.ts';

/*
 * By what a mask of N to M is chosen: the size of each slot, its rank in the group, and how far it is from the cut. The
 * same numbers, in the same order, as the engine's reference has them.
 */

/** Numbers below the least normal one count as 0 where scores are summed, since devices may take them so. */
const normal = (x: number): number => (Math.abs(x) < 2 ** -126 ? 0 : x);

/** The score of each slot of a line: the size of its weight, or the mean or the largest of those that share it. */
export function lineScores(lens: Lens, values: Float32Array, line: number): Float32Array {
  const lines = sharingLines(lens, line);
  const slots = { length: slotCount(lens) };
  if (lens.share === 1) return Float32Array.from(slots, (_, slot) => Math.abs(values[weightAt(lens, line, slot)]!));
  return Float32Array.from(slots, (_, slot) => {
    const sizes = Array.from({ length: lines }, (_, member) => Math.abs(values[weightAt(lens, line, slot, member)]!));
    if (lens.score === 'max') return Math.max(...sizes);
    const sum = sizes.reduce((total, size) => Math.fround(total + normal(size)), 0);
    return normal(Math.fround(sum * Math.fround(1 / lines)));
  });
}

/** Scores in the order in which the engine ranks them: larger first, NaN before all, never 0. */
export function keysOf(scores: Float32Array): Uint32Array {
  return new Uint32Array(scores.slice().buffer).map((bits) => (bits & 0x7fffffff) + 1);
}

/** How many slots of a group are ahead of each: 0 is the best, ties go to the lower place. */
export function ranksOf(keys: Uint32Array): number[] {
  return Array.from(keys, (key, i) => keys.reduce((ahead, other, j) => ahead + (other > key || (other === key && j < i) ? 1 : 0), 0));
}

/** What the mask would keep of a line, were it chosen from these weights: 1 for each slot that stays. */
export function chosenOf(lens: Lens, values: Float32Array, line: number): Uint8Array {
  if (lens.pattern.axis === 'both') return chosenOfSquares(lens, values, line);
  const keys = keysOf(lineScores(lens, values, line));
  const chosen = new Uint8Array(keys.length);
  for (let group = 0; group < groupCount(lens); group++) {
    const { first, size, keeps } = groupAt(lens, group);
    ranksOf(keys.subarray(first, first + size)).forEach((rank, i) => void (chosen[first + i] = rank < keeps ? 1 : 0));
  }
  return chosen;
}

/** A transposable pattern is chosen square by square: those that a line goes through decide. */
function chosenOfSquares(lens: Lens, values: Float32Array, line: number): Uint8Array {
  const { layer, along, pattern } = lens;
  const first = Math.floor(line / pattern.m) * pattern.m;
  const lines = Math.min(pattern.m, lineCount(lens) - first);
  const [rows, columns] = along === 'in' ? [lines, layer.in] : [layer.out, lines];
  const inBand = (i: number): number => (along === 'in' ? first * layer.in + i : Math.floor(i / columns) * layer.in + first + (i % columns));
  const chosen = chooseByPattern(keysOf(Float32Array.from({ length: rows * columns }, (_, i) => values[inBand(i)]!)), { rows, columns }, pattern);
  return Uint8Array.from({ length: slotCount(lens) }, (_, slot) => chosen[along === 'in' ? (line - first) * columns + slot : slot * columns + line - first]!);
}

/** Where a group is cut, by the scores of its slots. */
export interface Cut {
  /** The smallest that is kept and the largest that is left out; undefined where there is none. */
  kept: number | undefined;
  left: number | undefined;
  /** How far the smallest kept lies above the largest left out, as a share of it: below 0 where a larger one is left out, because weights have moved since the choice, or another direction decides, too; undefined where the group keeps all or none. */
  margin: number | undefined;
}

/** The cut of a group. @param kept for each slot whether the mask keeps it */
export function cutOf(scores: ArrayLike<number>, kept: (slot: number) => boolean, { first, size }: { first: number; size: number }): Cut {
  let [least, most] = [Infinity, -Infinity];
  for (let slot = first; slot < first + size; slot++) {
    const score = scores[slot]!;
    if (kept(slot)) least = Math.min(least, score);
    else most = Math.max(most, score);
  }
  const cut = { kept: least === Infinity ? undefined : least, left: most === -Infinity ? undefined : most };
  return { ...cut, margin: marginOf(cut) };
}

function marginOf({ kept, left }: Pick<Cut, 'kept' | 'left'>): number | undefined {
  if (kept === undefined || left === undefined) return undefined;
  // Two zeros are as close as can be; below a kept zero there is no share to tell.
  return kept === left ? 0 : kept === 0 ? -1 : (kept - left) / kept;
}
