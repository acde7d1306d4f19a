/*
 * How an update shares its growth among layers (SNFS). Whole numbers from the means on, so that the device
 * (shaders/layer_average.wgsl, redistribute.wgsl) gets the same counts to the weight; the means are sums in one order.
 */

/** Threads that sum a layer, each every 256th weight; then halves are added to halves. */
const THREADS = 256;
/** A mean has 21 bits; they are aligned by at most 31. */
const LEAST_MEAN = 2 ** 20;

/** Mean size of the average gradient over a layer's active weights: `bits` from 2^20 to 2^21 - 1, times 2^exponent; 0 bits where it is 0 or not finite. */
export interface LayerMean {
  bits: number;
  exponent: number;
}

/** What a layer has to give and to take, in weights or in groups of them. */
export interface LayerRoom {
  mean: LayerMean;
  /** Dropped in this update. */
  dropped: number;
  /** Most that it can grow. */
  room: number;
}

/**
 * The mean of |average| over the active weights of a layer, added in f32 as the device adds. Numbers below the least
 * normal one count as 0; one that is not finite leaves no mean.
 * @param average of the layer's weights
 * @param mask of the same length, 1 where active
 */
export function layerMean(average: Float32Array, mask: Uint8Array): LayerMean {
  const sums = new Float32Array(THREADS);
  let active = 0;
  average.forEach((value, i) => {
    if (mask[i] !== 1) return;
    active++;
    const size = Math.abs(value);
    if (!(size < 2 ** -126)) sums[i % THREADS] = Math.fround(sums[i % THREADS]! + size);
  });
  for (let width = THREADS / 2; width > 0; width >>= 1) for (let t = 0; t < width; t++) sums[t] = Math.fround(sums[t]! + sums[t + width]!);
  return quotient(new Uint32Array(sums.buffer)[0]!, active);
}

/** The f32 with these bits, not negative, divided by a whole number. */
function quotient(bits: number, divisor: number): LayerMean {
  const biased = bits >>> 23;
  if (divisor === 0 || biased === 0 || biased === 255) return { bits: 0, exponent: 0 };
  const mantissa = (bits & 0x7fffff) | 0x800000;
  let [whole, rest, exponent] = [Math.floor(mantissa / divisor), mantissa % divisor, biased - 150];
  for (; whole < LEAST_MEAN; exponent--) {
    rest *= 2;
    whole = 2 * whole + (rest >= divisor ? 1 : 0);
    if (rest >= divisor) rest -= divisor;
  }
  for (; whole >= 2 * LEAST_MEAN; exponent++) whole = Math.floor(whole / 2);
  return { bits: whole, exponent };
}

/** floor(a b / c) for whole numbers, where a double would round. */
const proportion = (a: number, b: number, c: number): number => Number((BigInt(a) * BigInt(b)) / BigInt(c));

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** What each layer's share is proportional to: its mean, aligned to the largest; what it dropped, where no layer has a mean. */
function weightsOf(layers: readonly LayerRoom[]): number[] {
  const known = layers.filter(({ mean }) => mean.bits > 0);
  if (known.length === 0) return layers.map((layer) => layer.dropped);
  const largest = Math.max(...known.map(({ mean }) => mean.exponent));
  return layers.map(({ mean }) => (mean.bits === 0 ? 0 : mean.bits >>> Math.min(31, largest - mean.exponent)));
}

/**
 * How many each layer grows: all that were dropped, and `extra`, shared in proportion to the means. What does not fit
 * into a layer goes to the others, in rounds; what rounding down has left over goes one each to the first layers that
 * have room, then to whatever has.
 * @returns as many as there are layers; their sum is the smaller of what there is to grow and all room
 */
export function redistribute(layers: readonly LayerRoom[], extra = 0): number[] {
  const weights = weightsOf(layers);
  const grow = layers.map(() => 0);
  let left = sum(layers.map((layer) => layer.dropped)) + extra;
  const give = (l: number, most: number): number => {
    const given = Math.min(most, layers[l]!.room - grow[l]!);
    grow[l]! += given;
    return given;
  };
  for (let given = 1; given > 0; left -= given) {
    const open = weights.map((weight, l) => (grow[l]! < layers[l]!.room ? weight : 0));
    const all = sum(open);
    given = all === 0 ? 0 : sum(open.map((weight, l) => give(l, proportion(left, weight, all))));
  }
  weights.forEach((weight, l) => { if (weight > 0 && left > 0) left -= give(l, 1); });
  layers.forEach((_, l) => { left -= give(l, left); });
  return grow;
}
