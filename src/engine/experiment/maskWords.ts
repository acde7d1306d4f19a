import type { ParamLayout } from '../nn/layout.ts';

/** Mask words of the whole masked prefix, zero between the layers. */
export function maskWords(layout: ParamLayout): Uint32Array<ArrayBuffer> {
  return new Uint32Array(layout.masked / 32);
}

/** The four bitsets of the State: mask, mask before, regrown, fired; at the start the second equals the first. */
export function fourMasks(mask: Uint32Array, words = mask.length): Uint32Array<ArrayBuffer> {
  const all = new Uint32Array(4 * words);
  all.set(mask, 0);
  all.set(mask, words);
  return all;
}

/** The parameters, zero where the mask has no bit; changed in place. */
export function masked(params: Float32Array<ArrayBuffer>, mask: Uint32Array): Float32Array<ArrayBuffer> {
  for (let w = 0; w < mask.length; w++) {
    const word = mask[w] as number;
    if (word === 0xffffffff) continue;
    for (let j = 0; j < 32; j++) if (((word >>> j) & 1) === 0) params[w * 32 + j] = 0;
  }
  return params;
}
