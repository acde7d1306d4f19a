import type { LayerFacts } from '../experiment/events.ts';
import type { MasksSpec } from '../experiment/experiment.ts';
import { PURPOSE, randomU32 } from '../random.ts';
import { fullBits, packBits, unpackBits } from './bits.ts';
import { groupCount, type GroupedMatrix, groupMatrix, groupShape, SINGLE_WEIGHTS } from './granularity.ts';
import type { MaskPlan } from './method.ts';
import { type NmPattern, patternOf } from './pattern.ts';
import { unitCode } from './units.ts';
import { selectTop } from './topk.ts';

/** Where a layer's bits stand in a packed mask; bits of a layer begin at a word of their own. */
export type MaskLayout = Pick<LayerFacts, 'out' | 'in' | 'kernel' | 'maskable' | 'wordOffset' | 'words'>;

/**
 * Packed mask of `size` weights (or groups of them) with exactly `count` ones, chosen uniformly by (seed, layer):
 * the weights with the largest random numbers. Masks of one seed and layer are nested: a smaller count keeps a subset.
 */
export function randomMaskBits(seed: number, layer: number, size: number, count: number): Uint32Array {
  if (count >= size) return fullBits(size);
  const keys = new Uint32Array(size);
  for (let i = 0; i < size; i++) keys[i] = randomU32(seed, PURPOSE.mask, layer, i);
  return packBits(selectTop(keys, count));
}

/** The same for a pattern: in each group those with the largest random numbers. */
function randomPatternBits(seed: number, layer: number, matrix: { rows: number; columns: number }, pattern: NmPattern): Uint32Array {
  const keys = Uint32Array.from({ length: matrix.rows * matrix.columns }, (_, place) => (randomU32(seed, PURPOSE.mask, layer, place) >>> 1) + 1);
  return packBits(unitCode().chooseByPattern(keys, matrix, pattern));
}

/**
 * The packed mask a run begins with: all layers, in their layout.
 *
 * `initial` is what `MaskPlan.initial()` returns, with one count for each maskable layer, in order; layers that are not
 * maskable are all ones, and so are those whose mask scores will choose. The random key is the layer's place among all layers, so keeping one layer dense leaves the
 * masks of the others as they were (at equal counts). Pure CPU and the same on every machine.
 * @param masks what is chosen as one; `initial` counts these
 */
export function initialMask(
  layers: readonly MaskLayout[],
  initial: ReturnType<MaskPlan['initial']>,
  seed: number,
  masks: MasksSpec = SINGLE_WEIGHTS,
): Uint32Array {
  const words = layers.reduce((most, layer) => Math.max(most, layer.wordOffset + layer.words), 0);
  const mask = new Uint32Array(words);
  const pattern = patternOf(masks);
  let maskable = 0;
  layers.forEach((layer, place) => {
    const size = layer.out * layer.in;
    const count = layer.maskable ? (initial.counts[maskable++] ?? size) : size;
    if (layer.words === 0) return;
    const random = (): Uint32Array => spread(pattern ? randomPatternBits(seed, place, groupMatrix(masks, layer), pattern) : randomMaskBits(seed, place, groupCount(masks, layer), count), masks, layer);
    mask.set(initial.choose !== 'random' || !layer.maskable ? fullBits(size) : random(), layer.wordOffset);
  });
  return mask;
}

/** Bits of a layer's weights from those of its groups. */
function spread(bits: Uint32Array, masks: MasksSpec, layer: GroupedMatrix): Uint32Array {
  const { rows, columns } = groupShape(masks, layer);
  if (rows * columns === 1) return bits;
  const across = Math.ceil(layer.in / columns);
  const chosen = unpackBits(bits, groupCount(masks, layer));
  const flags = new Uint8Array(layer.out * layer.in);
  for (let row = 0; row < layer.out; row++) {
    for (let column = 0; column < layer.in; column++) {
      flags[row * layer.in + column] = chosen[Math.floor(row / rows) * across + Math.floor(column / columns)]!;
    }
  }
  return packBits(flags);
}
