/** u32 words that hold `bits` bits. */
export function wordsFor(bits: number): number {
  return Math.ceil(bits / 32);
}

/** Packs 0/1 bytes: bit j of word w is element 32 w + j; bits past the end are 0. */
export function packBits(flags: Uint8Array): Uint32Array {
  const words = new Uint32Array(wordsFor(flags.length));
  for (let i = 0; i < flags.length; i++) if (flags[i] !== 0) words[i >>> 5]! |= 1 << (i & 31);
  return words;
}

/** The first `size` bits of `words`, counted from word `wordOffset`, as 0/1 bytes. */
export function unpackBits(words: Uint32Array, size: number, wordOffset = 0): Uint8Array {
  const flags = new Uint8Array(size);
  for (let i = 0; i < size; i++) flags[i] = (words[wordOffset + (i >>> 5)]! >>> (i & 31)) & 1;
  return flags;
}

/** `size` ones, packed; bits past the end are 0. */
export function fullBits(size: number): Uint32Array {
  const words = new Uint32Array(wordsFor(size)).fill(0xffffffff);
  const tail = size & 31;
  if (tail !== 0) words[words.length - 1] = 2 ** tail - 1;
  return words;
}

/** Set bits of one u32. */
export function popcount32(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
