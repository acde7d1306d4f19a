import { popcount32 } from '../sparsity/bits.ts';
import type { ArmId, MaskSnapshot } from './events.ts';
import { newestUpTo, spreadOverSteps } from './thinning.ts';

/*
 * Masks of one arm over time. A snapshot is four bitsets; each is kept as what differs from the snapshot before it:
 * `mask` and `previous` from its mask, `fired` from its fired, `regrown` from nothing. Every KEY_EVERY-th snapshot
 * differs from nothing, so that any of them is found by reading at most KEY_EVERY.
 */

/** Words that differ: all of them, or pairs of place and difference where that is shorter. */
interface Difference {
  pairs: boolean;
  words: Uint32Array;
}

interface Entry {
  step: number;
  update: number;
  mask: Difference;
  previous: Difference;
  regrown: Difference;
  fired: Difference;
  /** Active weights, and weights that this update changed: what thinning looks at. */
  active: number;
  flips: number;
}

/** The snapshots of one arm. */
export interface MaskHistory {
  arm: ArmId;
  /** u32 words of a bitset. */
  words: number;
  entries: Entry[];
  bytes: number;
  /** Newest mask and fired bits, which the next snapshot is told apart from. */
  newest: { mask: Uint32Array; fired: Uint32Array };
  /** The snapshot read last, from which its successors are near. */
  read: { index: number; snapshot: MaskSnapshot } | undefined;
}

/** How much a history may hold. */
export interface MaskLimits {
  entries: number;
  bytes: number;
}

/** What a run on a page may keep for one arm; with three arms and their tables a log stays below 64 MiB. */
export const MASK_LIMITS: MaskLimits = { entries: 1024, bytes: 12 * 2 ** 20 };

const KEY_EVERY = 16;

/** A history without snapshots, of bitsets of that many words. */
export function createMaskHistory(arm: ArmId, words: number): MaskHistory {
  return { arm, words, entries: [], bytes: 0, newest: { mask: new Uint32Array(words), fired: new Uint32Array(words) }, read: undefined };
}

/** Adds a snapshot; one behind the newest step in time is left out. Thins the history where it gets too large. */
export function addSnapshot(history: MaskHistory, snapshot: MaskSnapshot, limits = MASK_LIMITS): void {
  const last = history.entries.at(-1);
  if (last && snapshot.step < last.step) return;
  push(history, snapshot);
  while (history.bytes > limits.bytes || history.entries.length > limits.entries) {
    const before = history.entries.length;
    thinHistory(history, before / 2);
    if (history.entries.length === before) return;
  }
}

function push(history: MaskHistory, snapshot: MaskSnapshot): void {
  const { words, newest } = history;
  const isKey = history.entries.length % KEY_EVERY === 0;
  const from = isKey ? { mask: new Uint32Array(words), fired: new Uint32Array(words) } : newest;
  const entry: Entry = {
    step: snapshot.step, update: snapshot.update,
    mask: difference(snapshot.mask, from.mask),
    previous: difference(snapshot.previous, from.mask),
    regrown: difference(snapshot.regrown, undefined),
    fired: difference(snapshot.fired, from.fired),
    active: 0, flips: 0,
  };
  for (let w = 0; w < words; w++) {
    entry.active += popcount32(snapshot.mask[w] ?? 0);
    entry.flips += popcount32((snapshot.mask[w] ?? 0) ^ (snapshot.previous[w] ?? 0));
  }
  history.entries.push(entry);
  history.bytes += bytesOf(entry);
  history.newest = { mask: snapshot.mask.slice(), fired: snapshot.fired.slice() };
}

function bytesOf({ mask, previous, regrown, fired }: Entry): number {
  return mask.words.byteLength + previous.words.byteLength + regrown.words.byteLength + fired.words.byteLength;
}

function difference(bits: Uint32Array, from: Uint32Array | undefined): Difference {
  const all = from ? bits.map((word, w) => word ^ (from[w] ?? 0)) : bits.slice();
  const count = all.reduce((sum, word) => sum + (word === 0 ? 0 : 1), 0);
  if (2 * count >= all.length) return { pairs: false, words: all };
  const words = new Uint32Array(2 * count);
  let at = 0;
  all.forEach((word, w) => {
    if (word === 0) return;
    words[at++] = w;
    words[at++] = word;
  });
  return { pairs: true, words };
}

/** `from` with a difference applied, in a new array. */
function applied({ pairs, words }: Difference, from: Uint32Array): Uint32Array {
  if (!pairs) return from.map((word, w) => word ^ (words[w] as number));
  const bits = from.slice();
  for (let i = 0; i < words.length; i += 2) bits[words[i] as number]! ^= words[i + 1] as number;
  return bits;
}

/** The snapshot with this number in the history. Its arrays are the history's own: read them, do not change them. */
export function snapshotNumber(history: MaskHistory, index: number): MaskSnapshot | undefined {
  const target = history.entries[index];
  if (!target) return undefined;
  if (history.read?.index === index) return history.read.snapshot;
  const key = index - (index % KEY_EVERY);
  const zeros = new Uint32Array(history.words);
  const near = history.read && history.read.index >= key && history.read.index < index ? history.read : undefined;
  let { mask, fired }: { mask: Uint32Array; fired: Uint32Array } = near ? near.snapshot : { mask: zeros, fired: zeros };
  for (let i = near ? near.index + 1 : key; i < index; i++) {
    const entry = history.entries[i] as Entry;
    mask = applied(entry.mask, mask);
    fired = applied(entry.fired, fired);
  }
  const from = index === key ? zeros : mask;
  const snapshot: MaskSnapshot = {
    arm: history.arm, step: target.step, update: target.update,
    mask: applied(target.mask, from),
    previous: applied(target.previous, from),
    regrown: applied(target.regrown, zeros),
    fired: applied(target.fired, index === key ? zeros : fired),
  };
  history.read = { index, snapshot };
  return snapshot;
}

/** The newest snapshot at or before a step; before the first one, the first. */
export function snapshotAt(history: MaskHistory, step: number): MaskSnapshot | undefined {
  return snapshotNumber(history, Math.max(0, newestUpTo(history.entries, step)));
}

/**
 * Thins a history to at most `count` snapshots, but not below five: the first and the last stay, and those with the most
 * changed, the fewest and the most active weights; of windows of equally many steps the last one. Each that stays is
 * unchanged: what it dropped and grew is told apart from its own `previous`.
 */
export function thinHistory(history: MaskHistory, count: number): void {
  const { entries } = history;
  if (entries.length <= count) return;
  const best = (rank: (entry: Entry) => number): number => entries.reduce((top, entry, i) => (rank(entry) > rank(entries[top] as Entry) ? i : top), 0);
  const kept = spreadOverSteps(entries, count, [best((e) => e.flips), best((e) => e.active), best((e) => -e.active)]);
  const thinned = createMaskHistory(history.arm, history.words);
  for (const i of kept) push(thinned, snapshotNumber(history, i) as MaskSnapshot);
  Object.assign(history, thinned);
}
