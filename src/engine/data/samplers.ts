import { mix32, PURPOSE, randomU32 } from '../random.ts';

/** How an example is chosen. `code` is its number in `shaders/lib/sampler.wgsl`, which computes the same indices. */
export interface Sampler {
  code: number;
  /** Index of the example at `position` of `epoch`; position < size, the answer too. */
  at(seed: number, epoch: number, position: number, size: number): number;
}

/** Half-rounds of the permutation: every half is replaced four times. */
const ROUNDS = 8;

/**
 * Image of `position` under the permutation of 0 .. size - 1 that (seed, epoch) select.
 *
 * A Feistel network permutes the smallest power of two that holds `size` (halves may differ by a bit); an image
 * outside is permuted again until it is inside ("cycle walking": Black and Rogaway 2002), at most twice on average.
 */
function permuted(seed: number, epoch: number, position: number, size: number): number {
  const bits = 32 - Math.clz32(size - 1);
  const lowBits = (bits + 1) >>> 1;
  const lowMask = (1 << lowBits) - 1;
  const highMask = (1 << (bits - lowBits)) - 1;
  const key = randomU32(seed, PURPOSE.order, epoch, 0);
  let index = position;
  do {
    let low = index & lowMask;
    let high = index >>> lowBits;
    for (let round = 0; round < ROUNDS; round += 2) {
      high ^= mix32(low ^ mix32(key + round)) & highMask;
      low ^= mix32(high ^ mix32(key + round + 1)) & lowMask;
    }
    index = ((high << lowBits) | low) >>> 0;
  } while (index >= size);
  return index;
}

/** All samplers, by the name that a phase gives. */
export const SAMPLERS = {
  /** Every example once an epoch, in an order of its own each epoch. */
  permutation: { code: 0, at: permuted },
  /** The stored order, again and again. */
  sequential: { code: 1, at: (_seed, _epoch, position) => position },
  /** Independent draws. The remainder favours low indices by less than size / 2^32: 2.4e-6 for 10,000 examples. */
  replacement: {
    code: 2,
    at: (seed, epoch, position, size) => randomU32(seed, PURPOSE.order, epoch, position) % size,
  },
} as const satisfies Record<string, Sampler>;

/** Name of a sampler. */
export type SamplerId = keyof typeof SAMPLERS;

/** Where in the stream of examples a batch begins, and how long it is. */
export interface SampleRange {
  seed: number;
  /** Examples seen since the phase began; at most 2^53. */
  cursor: number;
  /** Examples wanted. */
  count: number;
  /** Examples in the set, 1 .. 2^30. */
  size: number;
}

/** Epoch and position in it: what the GPU is given, as two u32, in place of a cursor that may not fit one. */
export function epochAndPosition(cursor: number, size: number): { epoch: number; position: number } {
  return { epoch: Math.floor(cursor / size) >>> 0, position: cursor % size };
}

/**
 * Indices of `count` examples from `cursor` on; a batch may straddle epochs.
 * Throws a RangeError for an unknown sampler (the message lists the known ones) or an empty set.
 */
export function indices(sampler: string, { seed, cursor, count, size }: SampleRange): Uint32Array {
  if (!Object.hasOwn(SAMPLERS, sampler)) {
    throw new RangeError(`unknown sampler "${sampler}"; known: ${Object.keys(SAMPLERS).join(', ')}`);
  }
  if (!(size >= 1 && size <= 2 ** 30)) throw new RangeError(`a data set of ${size} examples cannot be sampled`);
  const { at }: Sampler = SAMPLERS[sampler as SamplerId];
  const result = new Uint32Array(count);
  let { epoch, position } = epochAndPosition(cursor, size);
  for (let i = 0; i < count; i++) {
    result[i] = at(seed, epoch, position, size);
    if (++position === size) {
      position = 0;
      epoch = (epoch + 1) >>> 0;
    }
  }
  return result;
}
