import type { LayerFacts } from '../../engine/experiment/events.ts';
import { snapshotNumber, type MaskHistory } from '../../engine/experiment/maskHistory.ts';
import { CODE } from './states.ts';

/** When the weights of a layer entered and left the mask, up to a snapshot. */
export interface Flips {
  /** Snapshots read so far: the number of the newest is one less. */
  read: number;
  /** Step and update of each snapshot read. */
  marks: { step: number; update: number }[];
  /** Snapshot of each weight's last change; 0 for none. */
  changed: Uint16Array;
  entered: Uint16Array;
  left: Uint16Array;
  /** Masks of the layer in the first and in the newest snapshot read. */
  first: Uint32Array;
  mask: Uint32Array;
  /** Updates are missing from the log, so that counts are lower bounds. */
  gaps: boolean;
  /** The snapshots this was read from: thinning replaces them. */
  source: MaskHistory['entries'];
  layer: LayerFacts;
}

function started(history: MaskHistory, layer: LayerFacts): Flips {
  const size = layer.out * layer.in;
  return {
    read: 0, marks: [], changed: new Uint16Array(size), entered: new Uint16Array(size), left: new Uint16Array(size),
    first: new Uint32Array(layer.words), mask: new Uint32Array(layer.words), gaps: false, source: history.entries, layer,
  };
}

/**
 * The changes of a layer's mask up to a step. What was read before is gone on from where the step is later; looking
 * back reads from the start.
 * @param before what this returned last, which is changed in place
 */
export function flipsAt(history: MaskHistory, layer: LayerFacts, step: number, before?: Flips): Flips {
  const usable = before && before.source === history.entries && before.layer === layer && (before.marks.at(-1)?.step ?? 0) <= step;
  const flips = usable ? before : started(history, layer);
  while (flips.read < history.entries.length && (flips.read === 0 || history.entries[flips.read]!.step <= step)) readNext(flips, history);
  return flips;
}

function readNext(flips: Flips, history: MaskHistory): void {
  const index = flips.read++;
  const snapshot = snapshotNumber(history, index)!;
  const { layer } = flips;
  const expected = index === 0 ? 0 : flips.marks[index - 1]!.update + 1;
  if (snapshot.update > expected) flips.gaps = true;
  flips.marks.push({ step: snapshot.step, update: snapshot.update });
  for (let w = 0; layer.maskable && w < layer.words; w++) {
    const now = snapshot.mask[layer.wordOffset + w]!;
    if (index === 0) {
      flips.first[w] = now;
    } else {
      // Where updates are missing, the mask before this one is not that of the snapshot before.
      const previous = snapshot.previous[layer.wordOffset + w]!;
      note(flips, w, previous & ~flips.mask[w]!, flips.mask[w]! & ~previous, index);
      const again = snapshot.regrown[layer.wordOffset + w]! & now & previous;
      note(flips, w, (now & ~previous) | again, (previous & ~now) | again, index);
    }
    flips.mask[w] = now;
  }
}

function note(flips: Flips, w: number, entered: number, left: number, index: number): void {
  for (let bits = entered | left; bits !== 0; bits &= bits - 1) {
    const one = bits & -bits;
    const at = w * 32 + 31 - Math.clz32(one);
    if (at >= flips.changed.length) return;
    if (entered & one) flips.entered[at]!++;
    if (left & one) flips.left[at]!++;
    flips.changed[at] = index;
  }
}

const isSet = (words: Uint32Array, at: number): boolean => ((words[at >>> 5]! >>> (at & 31)) & 1) === 1;

/** True where a weight is active in the newest snapshot read. */
export function activeIn(flips: Flips, at: number): boolean {
  return !flips.layer.maskable || isSet(flips.mask, at);
}

/** States against the first mask: kept, dropped and grown since the start; regrown was active at both ends and not always between. */
export function codesSinceStart(flips: Flips): Uint8Array {
  return Uint8Array.from(flips.changed, (_, at) => {
    if (!activeIn(flips, at)) return isSet(flips.first, at) ? CODE.dropped : flips.entered[at]! > 0 ? CODE.was : CODE.never;
    if (!flips.layer.maskable) return CODE.kept;
    return !isSet(flips.first, at) ? CODE.grown : flips.left[at]! > 0 ? CODE.regrown : CODE.kept;
  });
}

/** Ages in updates at which the bins begin, the youngest first. They are the same at every step, so that a colour keeps its meaning. */
export const AGE_BINS = [0, 1, 3, 9, 25] as const;

/** Words of a bin of age. */
export function ageWords(bin: number): string {
  const from = AGE_BINS[bin] ?? 0;
  const next = AGE_BINS[bin + 1];
  if (from === 0) return 'this update';
  return next === undefined ? `${from} or more updates` : `${from} to ${next - 1} updates`;
}

/** Number of the bin of an age in updates. */
export function ageBin(updates: number): number {
  return AGE_BINS.findLastIndex((from) => updates >= from);
}

/** Bins of age of the active weights: 0 is inactive, 1 the youngest bin. Age is the updates since a weight last entered. */
export function ageCodes(flips: Flips): Uint8Array {
  const newest = flips.marks.at(-1)?.update ?? 0;
  const bins = flips.marks.map(({ update }) => 1 + ageBin(newest - update));
  return Uint8Array.from(flips.changed, (index, at) => (activeIn(flips, at) ? bins[index] ?? 0 : 0));
}

/** How many weights have each code. */
export function countCodes(codes: Uint8Array, kinds: number): number[] {
  const counts = new Array<number>(kinds).fill(0);
  for (const code of codes) counts[code]!++;
  return counts;
}

/** The history of one weight in words. */
export function flipWords(flips: Flips, at: number): string {
  if (!flips.layer.maskable) return 'This layer is dense: always active.';
  const active = activeIn(flips, at);
  const entered = flips.entered[at]!;
  const left = flips.left[at]!;
  const { step, update } = flips.marks[flips.changed[at]!] ?? { step: 0, update: 0 };
  if (entered + left === 0) return active ? 'Active since the start.' : 'Not active so far.';
  const bound = flips.gaps ? 'at least ' : '';
  return `${active ? 'Active' : 'Inactive'} since update ${update} (step ${step}); entered ${bound}${entered} ×, left ${bound}${left} ×.`;
}
