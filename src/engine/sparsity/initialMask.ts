import type { LayerFacts } from '../experiment/events.ts';
import { PURPOSE, randomU32 } from '../random.ts';
import { fullBits, packBits } from './bits.ts';
import type { MaskPlan } from './method.ts';
import { selectTop } from './topk.ts';

/** Where a layer's bits stand in a packed mask; bits of a layer begin at a word of their own. */
export type MaskLayout = Pick<LayerFacts, 'out' | 'in' | 'maskable' | 'wordOffset' | 'words'>;

/**
 * Packed mask of `size` weights with exactly `count` ones, chosen uniformly by (seed, layer):
 * the weights with the largest random numbers. Masks of one seed and layer are nested: a smaller count keeps a subset.
 */
export function randomMaskBits(seed: number, layer: number, size: number, count: number): Uint32Array {
  if (count >= size) return fullBits(size);
  const keys = new Uint32Array(size);
  for (let i = 0; i < size; i++) keys[i] = randomU32(seed, PURPOSE.mask, layer, i);
  return packBits(selectTop(keys, count));
}

/**
 * The packed mask a run begins with: all layers, in their layout.
 *
 * `initial` is what `MaskPlan.initial()` returns, with one count for each maskable layer, in order; layers that are not
 * maskable are all ones, and so are those whose mask scores will choose. The random key is the layer's place among all layers, so keeping one layer dense leaves the
 * masks of the others as they were (at equal counts). Pure CPU and the same on every machine.
 */
export function initialMask(
  layers: readonly MaskLayout[],
  initial: ReturnType<MaskPlan['initial']>,
  seed: number,
): Uint32Array {
  const words = layers.reduce((most, layer) => Math.max(most, layer.wordOffset + layer.words), 0);
  const mask = new Uint32Array(words);
  let maskable = 0;
  layers.forEach((layer, place) => {
    const size = layer.out * layer.in;
    const count = layer.maskable ? (initial.counts[maskable++] ?? size) : size;
    if (layer.words === 0) return;
    mask.set(
      initial.choose !== 'random' || !layer.maskable ? fullBits(size) : randomMaskBits(seed, place, size, count),
      layer.wordOffset,
    );
  });
  return mask;
}
