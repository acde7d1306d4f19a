import { fullBits, popcount32, wordsFor } from './bits.ts';
import type { MaskLayout } from './initialMask.ts';

/*
 * Measures on packed masks, 32 weights at a time. A mask is the u32 array of a MaskSnapshot; layers are in the order of
 * the network, weights [out, in], so that row r of a layer is the run of `in` bits from bit r * in of the layer on.
 */

/** Set bits of a packed mask, or of `length` words from word `start` on. */
export function popcount(words: Uint32Array, start = 0, length = words.length - start): number {
  let count = 0;
  for (let w = start; w < start + length; w++) count += popcount32(words[w]!);
  return count;
}

/** Bits that differ between two masks of one layout: weights that entered or left. */
export function flips(a: Uint32Array, b: Uint32Array, start = 0, length = a.length - start): number {
  let count = 0;
  for (let w = start; w < start + length; w++) count += popcount32(a[w]! ^ b[w]!);
  return count;
}

/** Share of a layer's `size` weights that two masks treat alike; words from `start` on belong to it. */
export function agreement(a: Uint32Array, b: Uint32Array, size: number, start = 0): number {
  const unlike = fullBits(size).reduce((count, bits, w) => count + popcount32(bits & (a[start + w]! ^ b[start + w]!)), 0);
  return 1 - unlike / size;
}

/** How alike two masks are. */
export interface Overlap {
  /** Weights in both over weights in either (Jaccard); 1 for two empty masks. */
  overlap: number;
  /** What two independent random masks of these densities have: da db / (da + db - da db), or d / (2 - d) for equal ones. */
  chance: number;
}

/** Overlap of two masks of `size` weights; words from `start` on belong to them. */
export function overlap(a: Uint32Array, b: Uint32Array, size: number, start = 0, length = wordsFor(size)): Overlap {
  let both = 0;
  let either = 0;
  for (let w = start; w < start + length; w++) {
    both += popcount32(a[w]! & b[w]!);
    either += popcount32(a[w]! | b[w]!);
  }
  const da = popcount(a, start, length) / size;
  const db = popcount(b, start, length) / size;
  const chance = da + db === 0 ? 1 : (da * db) / (da + db - da * db);
  return { overlap: either === 0 ? 1 : both / either, chance };
}

/** The bits of one layer, beginning at bit `base` of `words`. */
interface LayerBits {
  words: Uint32Array;
  base: number;
  out: number;
  in: number;
}

/** Layers that are not maskable count as full, whatever their bits say. */
function layerBits(mask: Uint32Array, layer: MaskLayout): LayerBits {
  return layer.maskable
    ? { words: mask, base: layer.wordOffset * 32, out: layer.out, in: layer.in }
    : { words: fullBits(layer.out * layer.in), base: 0, out: layer.out, in: layer.in };
}

/** Bits 32 j .. 32 j + 31 of a row, those past its end 0. Rows begin anywhere in a word. */
function rowWord(layer: LayerBits, row: number, j: number): number {
  const position = layer.base + row * layer.in + 32 * j;
  const word = position >>> 5;
  const shift = position & 31;
  const left = layer.in - 32 * j;
  let bits = layer.words[word]! >>> shift;
  // A row may end at the very last word: only look further if the row does.
  if (shift !== 0 && left > 32 - shift) bits |= layer.words[word + 1]! << (32 - shift);
  return left >= 32 ? bits : bits & (2 ** left - 1);
}

/** Sets of units as packed bits: which rows meet `inputs`, which columns are met by rows in `outputs`. */
function reachedRows(layer: LayerBits, inputs: Uint32Array): Uint32Array {
  const reached = new Uint32Array(wordsFor(layer.out));
  for (let row = 0; row < layer.out; row++) {
    for (let j = 0; j < inputs.length; j++) {
      if ((rowWord(layer, row, j) & inputs[j]!) === 0) continue;
      reached[row >>> 5]! |= 1 << (row & 31);
      break;
    }
  }
  return reached;
}

function reachedColumns(layer: LayerBits, outputs: Uint32Array): Uint32Array {
  const reached = new Uint32Array(wordsFor(layer.in));
  for (let row = 0; row < layer.out; row++) {
    if (!has(outputs, row)) continue;
    for (let j = 0; j < reached.length; j++) reached[j]! |= rowWord(layer, row, j);
  }
  return reached;
}

const has = (set: Uint32Array, element: number): boolean => ((set[element >>> 5]! >>> (element & 31)) & 1) === 1;

/**
 * The weights of each unit of a layer that hear `units` units of the layer before: equally many a unit and side by side,
 * one of a linear layer, the points of a kernel of a convolution, the points of a picture of a linear layer behind one.
 */
function spread(units: Uint32Array, count: number, inputs: number): Uint32Array {
  const each = inputs / count;
  if (each === 1) return units;
  const set = new Uint32Array(wordsFor(inputs));
  for (let i = 0; i < inputs; i++) if (has(units, Math.floor(i / each))) set[i >>> 5]! |= 1 << (i & 31);
  return set;
}

/** The units of the layer before that any of a set of `inputs` weights hears. */
function gather(set: Uint32Array, inputs: number, count: number): Uint32Array {
  const each = inputs / count;
  if (each === 1) return set;
  const units = new Uint32Array(wordsFor(count));
  for (let i = 0; i < inputs; i++) if (has(set, i)) units[Math.floor(i / each) >>> 5]! |= 1 << (Math.floor(i / each) & 31);
  return units;
}

/**
 * Hidden units, filters of convolutions among them, without an active incoming or without an active outgoing weight.
 * Entry l counts the units between layers l and l + 1; the last entry is 0, outputs are never dead. Biases do not count as
 * links.
 */
export function deadNeurons(mask: Uint32Array, layers: readonly MaskLayout[]): number[] {
  const bits = layers.map((layer) => layerBits(mask, layer));
  return bits.map((layer, l) => {
    const next = bits[l + 1];
    if (next === undefined) return 0;
    const entered = reachedRows(layer, fullBits(layer.in));
    const left = gather(reachedColumns(next, fullBits(next.out)), next.in, layer.out);
    let alive = 0;
    for (let w = 0; w < entered.length; w++) alive += popcount32(entered[w]! & left[w]!);
    return layer.out - alive;
  });
}

/**
 * Effective weights of each layer: active, with a path of active weights from an input to them and from them to an
 * output (after the effective sparsity of Vysogorets and Kempe 2023). Biases do not count as inputs.
 */
export function effectiveWeights(mask: Uint32Array, layers: readonly MaskLayout[]): number[] {
  const bits = layers.map((layer) => layerBits(mask, layer));
  const fromInput: Uint32Array[] = [];
  for (const [l, layer] of bits.entries()) {
    const before = bits[l - 1];
    fromInput.push(before ? spread(reachedRows(before, fromInput[l - 1]!), before.out, layer.in) : fullBits(layer.in));
  }
  const counts: number[] = bits.map(() => 0);
  let toOutput = fullBits(bits.at(-1)?.out ?? 0);
  for (let l = bits.length - 1; l >= 0; l--) {
    const layer = bits[l]!;
    const inputs = fromInput[l]!;
    let count = 0;
    for (let row = 0; row < layer.out; row++) {
      if (!has(toOutput, row)) continue;
      for (let j = 0; j < inputs.length; j++) count += popcount32(rowWord(layer, row, j) & inputs[j]!);
    }
    counts[l] = count;
    const before = bits[l - 1];
    if (before) toOutput = gather(reachedColumns(layer, toOutput), layer.in, before.out);
  }
  return counts;
}

/**
 * ITOP rate (share of weights active at any time, Liu et al. 2021) expected after one more update, if the weights
 * dropped and grown were random. Magnitude drops explore less: young weights are small and are the first to leave.
 *
 * The update exchanges `dropFraction` of a share `density` of the weights; the grown ones come from all inactive
 * weights, or, without `regrowAllowed`, from those that were inactive before.
 */
export function expectedItopAfter(itop: number, density: number, dropFraction: number, regrowAllowed = true): number {
  const exchanged = density * dropFraction;
  const candidates = 1 - density + (regrowAllowed ? exchanged : 0);
  if (candidates <= 0) return 1;
  return 1 - (1 - itop) * (1 - Math.min(1, exchanged / candidates));
}

/** Expected ITOP rate after `updates` random updates from a random mask: 1 - (1 - d) (1 - d r / (1 - d (1 - r)))^K. */
export function expectedItop(density: number, dropFraction: number, updates: number, regrowAllowed = true): number {
  const once = expectedItopAfter(0, density, dropFraction, regrowAllowed);
  return 1 - (1 - density) * (1 - once) ** updates;
}
