/** How far the losses of two runs are apart. */
export interface Difference {
  /** Largest absolute difference of a step's losses; not finite where a loss is missing or no number. */
  largest: number;
  /** The step of it, from 1. */
  step: number;
  steps: number;
  /** Both losses of the first and the last step: that the network learned between them. */
  first: readonly [own: number, peer: number];
  last: readonly [own: number, peer: number];
}

/** Losses at most this far apart count as equal: two orders of sums differ by less within some twenty steps. */
export const TOLERANCE = 1e-3;

/** Compares the losses of two runs, step by step. @throws Error where one has none. */
export function largestDifference(own: readonly number[], peer: readonly number[]): Difference {
  const steps = Math.max(own.length, peer.length);
  const at = (step: number): readonly [number, number] => [own[step - 1] ?? Number.NaN, peer[step - 1] ?? Number.NaN];
  if (own.length === 0 || peer.length === 0) throw new Error('There are no losses to compare.');
  let worst = { largest: 0, step: 1 };
  for (let step = 1; step <= steps; step++) {
    const [a, b] = at(step);
    const apart = Math.abs(a - b);
    // Not a number is farther than any number.
    const largest = Number.isFinite(apart) ? apart : Infinity;
    if (largest > worst.largest) worst = { largest, step };
  }
  return { ...worst, steps, first: at(1), last: at(steps) };
}
