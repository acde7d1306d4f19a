/*
 * Numbers as bytes that deflate well: bytes of equal weight stand together, and each number is told apart from the
 * one before it. Little endian whatever the machine.
 */

/** All parts one after the other. */
export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** FNV-1a over the bytes, 32 bits: finds damage, not malice. */
export function checksum(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
  return hash >>> 0;
}

/** u32 words as 4 planes of bytes. */
export function packWords(words: Uint32Array): Uint8Array {
  const n = words.length;
  const bytes = new Uint8Array(4 * n);
  for (let i = 0; i < n; i++) {
    const word = words[i] as number;
    for (let plane = 0; plane < 4; plane++) bytes[plane * n + i] = word >>> (8 * plane);
  }
  return bytes;
}

/** The inverse of `packWords`; the length has to be a multiple of 4. */
export function unpackWords(bytes: Uint8Array): Uint32Array<ArrayBuffer> {
  const n = bytes.length / 4;
  const words = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    for (let plane = 0; plane < 4; plane++) words[i]! |= (bytes[plane * n + i] as number) << (8 * plane);
  }
  return words;
}

/** Rising numbers as planes of bytes of their increments. */
export function packSteps(steps: Uint32Array): Uint8Array {
  return packWords(steps.map((step, i) => step - (steps[i - 1] ?? 0)));
}

/** The inverse of `packSteps`. */
export function unpackSteps(bytes: Uint8Array): Uint32Array<ArrayBuffer> {
  const steps = unpackWords(bytes);
  for (let i = 1; i < steps.length; i++) steps[i]! += steps[i - 1] as number;
  return steps;
}

/** Floats as planes of bytes of their differences from one another, bit by bit and exact. */
export function packFloats(values: Float32Array): Uint8Array {
  const bits = new Uint32Array(values.slice().buffer);
  for (let i = bits.length - 1; i > 0; i--) bits[i]! ^= bits[i - 1] as number;
  return packWords(bits);
}

/** The inverse of `packFloats`. */
export function unpackFloats(bytes: Uint8Array): Float32Array<ArrayBuffer> {
  const bits = unpackWords(bytes);
  for (let i = 1; i < bits.length; i++) bits[i]! ^= bits[i - 1] as number;
  return new Float32Array(bits.buffer);
}

/**
 * Bits in the order of what is known about them: first those where no context has its bit set, then the others, group by
 * group. A group whose bits are all alike costs next to nothing; of the others only what the contexts do not tell.
 * @param contexts at most two bitsets as long as `bits`
 */
export function packBitset(bits: Uint32Array, ...contexts: readonly Uint32Array[]): Uint8Array {
  const bytes = new Uint8Array(4 * bits.length);
  const places = placesOf(bits.length, contexts);
  for (let i = 0; i < places.length; i++) {
    const to = places[i] as number;
    bytes[to >>> 3]! |= (((bits[i >>> 5] as number) >>> (i & 31)) & 1) << (to & 7);
  }
  return bytes;
}

/** The inverse of `packBitset`, with the same contexts. */
export function unpackBitset(bytes: Uint8Array, ...contexts: readonly Uint32Array[]): Uint32Array<ArrayBuffer> {
  const bits = new Uint32Array(bytes.length / 4);
  const places = placesOf(bits.length, contexts);
  for (let i = 0; i < places.length; i++) {
    const from = places[i] as number;
    bits[i >>> 5]! |= (((bytes[from >>> 3] as number) >>> (from & 7)) & 1) << (i & 31);
  }
  return bits;
}

/** Place of every bit among those sorted by context; within a context the order stays. */
function placesOf(words: number, [first, second]: readonly Uint32Array[]): Uint32Array {
  const contexts = new Uint8Array(32 * words);
  const next = new Uint32Array(5);
  for (let i = 0; i < contexts.length; i++) {
    const word = i >>> 5;
    const context = (((first?.[word] ?? 0) >>> (i & 31)) & 1) | ((((second?.[word] ?? 0) >>> (i & 31)) & 1) << 1);
    contexts[i] = context;
    next[context + 1]!++;
  }
  for (let context = 1; context < 5; context++) next[context]! += next[context - 1] as number;
  const places = new Uint32Array(contexts.length);
  for (let i = 0; i < places.length; i++) places[i] = next[contexts[i] as number]!++;
  return places;
}
