import type { LayerFacts, MaskSnapshot, SlowMove } from '../../engine/experiment/events.ts';
import { shareCount } from '../../engine/sparsity/counts.ts';
import type { MaskPlan } from '../../engine/sparsity/method.ts';
import { binOfKey, SCORE_BINS } from '../../engine/sparsity/scoreBins.ts';

/** Keys of the active weights of a layer by their size, ascending. */
export function sortedKeys(values: Float32Array, { mask }: MaskSnapshot, layer: LayerFacts): Uint32Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const active = bits.filter((_, i) => (((mask[layer.wordOffset + (i >> 5)] ?? 0) >>> (i & 31)) & 1) === 1);
  return active.map((word) => (word & 0x7fffffff) + 1).sort();
}

/**
 * How many weights of each layer an update at a step of its phase would drop now, from the keys of its active weights.
 * Of layers that share a threshold, those below it, and what they exchange besides.
 */
export function dropsNow(plan: MaskPlan, step: number, layers: readonly Uint32Array[]): number[] {
  const counts = plan.counts(step, layers.map(({ length }) => length));
  if (plan.scope === 'layer') return layers.map(({ length }, l) => Math.max(0, length - (counts.keep[l] ?? length)));
  const all = new Uint32Array(layers.reduce((sum, keys) => sum + keys.length, 0));
  let at = 0;
  for (const keys of layers) {
    all.set(keys, at);
    at += keys.length;
  }
  all.sort();
  const cut = all[Math.max(0, all.length - (counts.keep[0] ?? all.length))] ?? 0;
  return layers.map((keys) => {
    const below = keys.findIndex((key) => key >= cut);
    const dropped = below === -1 ? keys.length : below;
    return dropped + (plan.exchange === undefined ? 0 : shareCount(plan.exchange, keys.length - dropped, counts.exchange ?? 0));
  });
}

/** The sizes of a layer's active weights as a move that would drop so many of them; none has no threshold. */
export function moveOfKeys(keys: Uint32Array, dropped: number): SlowMove {
  const counts = new Uint32Array(SCORE_BINS);
  for (const key of keys) counts[binOfKey(key)]!++;
  return { score: 'magnitude', counts, cuts: Uint32Array.of(dropped >= keys.length ? 0xffffffff : dropped === 0 ? 0 : keys[dropped] as number) };
}
