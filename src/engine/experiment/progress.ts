import type { Series } from './columns.ts';

/* How far a run was at its steps, by what is summed from its beginning. */

/** A summed measure at a step: straight lines between its rows, and from 0 before the first. */
export function progressAt({ steps, values }: Series, step: number): number {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((steps[middle] as number) < step) low = middle + 1;
    else high = middle;
  }
  if (low === steps.length) return values.at(-1) ?? Number.NaN;
  const [s0, v0] = low === 0 ? [0, 0] : [steps[low - 1] as number, values[low - 1] as number];
  const [s1, v1] = [steps[low] as number, values[low] as number];
  return s1 > s0 ? v0 + ((v1 - v0) * (step - s0)) / (s1 - s0) : v1;
}

/** Milliseconds since the first step, from rows that tell the mean time of a step since the row before. */
export function trainingTime({ steps, values }: Series): Series {
  const elapsed = new Float32Array(steps.length);
  let sum = 0;
  steps.forEach((at, i) => {
    sum += (at - (i === 0 ? at - 1 : (steps[i - 1] as number))) * (values[i] ?? 0);
    elapsed[i] = sum;
  });
  return { steps, values: elapsed };
}
