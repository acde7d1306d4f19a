import { popcount32 } from '../sparsity/bits.ts';

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
  eachPlace(bits.length, contexts, (word, bit, place) => {
    if (((bits[word] as number) >>> bit) & 1) bytes[place >>> 3]! |= 1 << (place & 7);
  });
  return bytes;
}

/** The inverse of `packBitset`, with the same contexts. */
export function unpackBitset(bytes: Uint8Array, ...contexts: readonly Uint32Array[]): Uint32Array<ArrayBuffer> {
  const bits = new Uint32Array(bytes.length / 4);
  eachPlace(bits.length, contexts, (word, bit, place) => {
    if (((bytes[place >>> 3] as number) >>> (place & 7)) & 1) bits[word]! |= 1 << bit;
  });
  return bits;
}

/** Visits every bit in order with its place among those sorted by context; within a context the order stays. */
function eachPlace(words: number, [first, second]: readonly Uint32Array[], visit: (word: number, bit: number, place: number) => void): void {
  let both = 0;
  let firstBits = 0;
  let secondBits = 0;
  for (let w = 0; w < words; w++) {
    const a = first?.[w] ?? 0;
    const b = second?.[w] ?? 0;
    firstBits += popcount32(a);
    secondBits += popcount32(b);
    both += popcount32(a & b);
  }
  const neither = 32 * words - firstBits - secondBits + both;
  // Counters of four contexts, kept apart from any array: this loop runs once for every weight of every snapshot.
  let [p0, p1, p2, p3] = [0, neither, neither + firstBits - both, 32 * words - both];
  for (let w = 0; w < words; w++) {
    const a = first?.[w] ?? 0;
    const b = second?.[w] ?? 0;
    for (let bit = 0; bit < 32; bit++) {
      const context = ((a >>> bit) & 1) | (((b >>> bit) & 1) << 1);
      visit(w, bit, context === 0 ? p0++ : context === 1 ? p1++ : context === 2 ? p2++ : p3++);
    }
  }
}
