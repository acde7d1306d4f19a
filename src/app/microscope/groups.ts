import { activeIn, type Flips } from '../mask/flips.ts';
import { groupAt, groupCount, lineCount, weightAt, type Lens } from './lens.ts';
import { chosenOf, cutOf, keysOf, lineScores, ranksOf, type Cut } from './ranks.ts';

/** A mask of a layer, [out, in]: 1 for each weight that it keeps. */
export type LayerMask = Uint8Array;

/** A slot of a group as it is shown. */
export interface Slot {
  /** Its place in the line, and its first weight's in [out, in]. */
  slot: number;
  weight: number;
  kept: boolean;
  /** Of each line that shares the pattern; empty where weights are not known. */
  values: readonly number[];
  score: number | undefined;
  /** From 1. */
  rank: number | undefined;
  /** How far its score lies above the largest left out, or, of one left out, below the smallest kept. */
  distance: number | undefined;
  /** What it would do, were the mask chosen now. */
  next: 'leaves' | 'enters' | undefined;
}

/** A group as it is shown. */
export interface Group {
  group: number;
  slots: readonly Slot[];
  keeps: number;
  cut: Cut;
}

/** What a line is looked at with. */
export interface View {
  lens: Lens;
  mask: LayerMask;
  values: Float32Array | undefined;
  /** The mask will be chosen anew from these weights. */
  chooses: boolean;
}

const NO_CUT: Cut = { kept: undefined, left: undefined, margin: undefined };

/** Groups of a line, `count` of them from `first` on. */
export function groupsOf({ lens, mask, values, chooses }: View, line: number, first: number, count: number): Group[] {
  const scores = values && lineScores(lens, values, line);
  const chosen = values && chooses ? chosenOf(lens, values, line) : undefined;
  const end = Math.min(groupCount(lens), first + count);
  return Array.from({ length: Math.max(0, end - first) }, (_, i) => groupOf(first + i));

  function groupOf(group: number): Group {
    const { first: from, size, keeps } = groupAt(lens, group);
    const isKept = (slot: number): boolean => mask[weightAt(lens, line, slot)] === 1;
    const cut = scores ? cutOf(scores, isKept, { first: from, size }) : NO_CUT;
    const ranks = scores && ranksOf(keysOf(scores.subarray(from, from + size)));
    const slots = Array.from({ length: size }, (_, place): Slot => {
      const slot = from + place;
      const kept = isKept(slot);
      const score = scores?.[slot];
      const bound = kept ? cut.left : cut.kept;
      return {
        slot, kept, score, weight: weightAt(lens, line, slot), values: values ? membersOf(values, slot) : [],
        rank: ranks && ranks[place]! + 1,
        distance: score === undefined || bound === undefined ? undefined : kept ? score - bound : bound - score,
        next: !chosen || (chosen[slot] === 1) === kept ? undefined : kept ? 'leaves' : 'enters',
      };
    });
    return { group, slots, keeps, cut };
  }

  function membersOf(all: Float32Array, slot: number): number[] {
    const across = lens.along === 'in' ? lens.layer.out : lens.layer.in;
    return Array.from({ length: Math.min(lens.share, across - line * lens.share) }, (_, member) => all[weightAt(lens, line, slot, member)]!);
  }
}

/** A number for each group of a layer, line by line. */
export interface GroupNumbers {
  lines: number;
  groups: number;
  values: Float32Array;
}

function numbersOf(lens: Lens, value: (line: number, group: number) => number): GroupNumbers {
  const [lines, groups] = [lineCount(lens), groupCount(lens)];
  return { lines, groups, values: Float32Array.from({ length: lines * groups }, (_, i) => value(Math.floor(i / groups), i % groups)) };
}

/** Flips of each group so far: how often its slots entered and left the mask. */
export function groupFlips(lens: Lens, flips: Pick<Flips, 'entered' | 'left'>): GroupNumbers {
  return numbersOf(lens, (line, group) => {
    const { first, size } = groupAt(lens, group);
    let sum = 0;
    for (let slot = first; slot < first + size; slot++) {
      const weight = weightAt(lens, line, slot);
      sum += flips.entered[weight]! + flips.left[weight]!;
    }
    return sum;
  });
}

/** Margin of each group; NaN where it keeps all. */
export function groupMargins({ lens, mask, values }: View & { values: Float32Array }): GroupNumbers {
  let line = -1;
  let scores: Float32Array = new Float32Array(0);
  return numbersOf(lens, (at, group) => {
    if (at !== line) scores = lineScores(lens, values, at);
    line = at;
    return cutOf(scores, (slot) => mask[weightAt(lens, at, slot)] === 1, groupAt(lens, group)).margin ?? NaN;
  });
}

/** The group with the largest number, or the smallest; the first of them. Undefined where there is no number. */
export function extremeGroup({ groups, values }: GroupNumbers, which: 'largest' | 'smallest'): { line: number; group: number } | undefined {
  let best = -1;
  values.forEach((value, i) => {
    if (!Number.isNaN(value) && (best < 0 || (which === 'largest' ? value > values[best]! : value < values[best]!))) best = i;
  });
  return best < 0 ? undefined : { line: Math.floor(best / groups), group: best % groups };
}

/** A layer's mask as bytes. */
export function bytesOf(flips: Flips): LayerMask {
  return Uint8Array.from(flips.changed, (_, at) => (activeIn(flips, at) ? 1 : 0));
}
