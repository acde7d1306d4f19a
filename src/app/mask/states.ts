import type { LayerFacts, MaskSnapshot } from '../../engine/experiment/events.ts';
import { popcount32 } from '../../engine/sparsity/bits.ts';

/** What a weight is after an update, in the order of the legend; a state's code is its place in this list. */
export const MASK_STATES = ['never', 'was', 'kept', 'dropped', 'grown', 'regrown'] as const;
/** One of the six states of a weight. */
export type MaskState = (typeof MASK_STATES)[number];

/** Codes as stored in the arrays of `classify`. */
export const CODE: Readonly<Record<MaskState, number>> = { never: 0, was: 1, kept: 2, dropped: 3, grown: 4, regrown: 5 };

/** The words of a state, as the legend shows them, and what they mean. */
export const STATE_WORDS: Readonly<Record<MaskState, { label: string; help: string }>> = {
  kept: { label: 'kept', help: 'active before and after the last update' },
  dropped: { label: 'dropped', help: 'left the mask in the last update' },
  grown: { label: 'grown', help: 'entered the mask in the last update' },
  regrown: { label: 'regrown', help: 'dropped and grown again in the same update' },
  was: { label: 'was active', help: 'inactive now, active at some time before' },
  never: { label: 'never', help: 'never active so far' },
};

/** The order in which people read the legend. */
export const LEGEND_ORDER: readonly MaskState[] = ['kept', 'dropped', 'grown', 'regrown', 'was', 'never'];

/** How many weights are in each state. */
export type StateCounts = Record<MaskState, number>;

/** True for the states in which a weight takes part in the network. */
export function isActive(code: number): boolean {
  return code === CODE.kept || code === CODE.grown || code === CODE.regrown;
}

/**
 * The state of every weight of a layer.
 * @returns codes [out, in], row-major, one byte a weight
 */
export function classify(snapshot: MaskSnapshot, layer: LayerFacts): Uint8Array {
  const size = layer.out * layer.in;
  const codes = new Uint8Array(size);
  // Layers that a method leaves dense have no bits: all of their weights are active.
  if (!layer.maskable) return codes.fill(CODE.kept);
  for (let w = 0; w < layer.words; w++) {
    const at = layer.wordOffset + w;
    const now = snapshot.mask[at] ?? 0;
    const before = snapshot.previous[at] ?? 0;
    const again = snapshot.regrown[at] ?? 0;
    const fired = snapshot.fired[at] ?? 0;
    const end = Math.min(32, size - w * 32);
    for (let bit = 0; bit < end; bit++) {
      const one = 1 << bit;
      codes[w * 32 + bit] = now & one
        ? again & one ? CODE.regrown : before & one ? CODE.kept : CODE.grown
        : before & one ? CODE.dropped : fired & one ? CODE.was : CODE.never;
    }
  }
  return codes;
}


/** Exact counts of the six states over the given layers; the six add up to the number of weights. */
export function countStates(snapshot: MaskSnapshot, layers: readonly LayerFacts[]): StateCounts {
  const counts: StateCounts = { never: 0, was: 0, kept: 0, dropped: 0, grown: 0, regrown: 0 };
  for (const layer of layers) {
    const size = layer.out * layer.in;
    if (!layer.maskable) {
      counts.kept += size;
      counts.never += size;
      continue;
    }
    for (let w = 0; w < layer.words; w++) {
      const at = layer.wordOffset + w;
      // Bits past the end of the layer are padding and belong to no weight.
      const valid = size - w * 32 >= 32 ? 0xffffffff : (1 << (size - w * 32)) - 1;
      const now = (snapshot.mask[at] ?? 0) & valid;
      const before = (snapshot.previous[at] ?? 0) & valid;
      const again = (snapshot.regrown[at] ?? 0) & now;
      const fired = (snapshot.fired[at] ?? 0) & valid;
      counts.regrown += popcount32(again);
      counts.kept += popcount32(now & before & ~again);
      counts.grown += popcount32(now & ~before & ~again);
      counts.dropped += popcount32(~now & before);
      counts.was += popcount32(~now & ~before & fired);
    }
    counts.never += size;
  }
  counts.never -= counts.regrown + counts.kept + counts.grown + counts.dropped + counts.was;
  return counts;
}

/** Weights that take part in the network. */
export function activeCount(counts: StateCounts): number {
  return counts.kept + counts.grown + counts.regrown;
}
