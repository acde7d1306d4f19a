import type { LayerFacts, MaskSnapshot } from '../../engine/experiment/events.ts';

/** Bits of a code: six codes fit into three. */
export const PLANES = 3;

/** Codes of a layer's weights, a plane of bits for each bit of a code: weight i is bit i % 32 of word i / 32 of each plane. */
export interface CodePlanes {
  out: number;
  in: number;
  /** Words of one plane. */
  words: number;
  /** [plane, word] */
  bits: Uint32Array<ArrayBuffer>;
}

const emptyPlanes = ({ out, in: inputs }: { out: number; in: number }): CodePlanes => {
  const words = Math.ceil((out * inputs) / 32);
  return { out, in: inputs, words, bits: new Uint32Array(PLANES * words) };
};

/** The states of a layer's weights as `classify` gives them, 32 at a time. */
export function planesOfStates({ mask, previous, regrown, fired }: MaskSnapshot, layer: LayerFacts): CodePlanes {
  const planes = emptyPlanes(layer);
  const { words, bits } = planes;
  // Layers that a method leaves dense have no bits in a snapshot: all of their weights are kept.
  if (!layer.maskable) bits.fill(0xffffffff, words, 2 * words);
  for (let w = 0; layer.maskable && w < words; w++) {
    const at = layer.wordOffset + w;
    const now = mask[at]!;
    const before = previous[at]!;
    const again = now & regrown[at]!;
    const dropped = ~now & before;
    bits[w] = again | dropped | (~now & ~before & fired[at]!);
    bits[words + w] = dropped | (now & before & ~again);
    bits[2 * words + w] = again | (now & ~before);
  }
  return planes;
}

/** Planes of codes [out, in]. */
export function planesOfCodes(codes: Uint8Array, shape: { out: number; in: number }): CodePlanes {
  const planes = emptyPlanes(shape);
  const { words, bits } = planes;
  for (let w = 0; w < words; w++) {
    let [low, middle, high] = [0, 0, 0];
    const first = w * 32;
    for (let bit = Math.min(32, codes.length - first) - 1; bit >= 0; bit--) {
      const code = codes[first + bit]!;
      low = (low << 1) | (code & 1);
      middle = (middle << 1) | ((code >> 1) & 1);
      high = (high << 1) | (code >> 2);
    }
    bits[w] = low;
    bits[words + w] = middle;
    bits[2 * words + w] = high;
  }
  return planes;
}

/** The codes that planes hold: [out, in]. */
export function codesOf({ out, in: inputs, words, bits }: CodePlanes): Uint8Array {
  const codes = new Uint8Array(out * inputs);
  for (let w = 0; w < words; w++) {
    const [low, middle, high] = [bits[w]!, bits[words + w]!, bits[2 * words + w]!];
    // Most words of a sparse mask are empty.
    if ((low | middle | high) === 0) continue;
    const count = Math.min(32, codes.length - w * 32);
    for (let bit = 0; bit < count; bit++) codes[w * 32 + bit] = ((low >>> bit) & 1) | (((middle >>> bit) & 1) << 1) | (((high >>> bit) & 1) << 2);
  }
  return codes;
}
