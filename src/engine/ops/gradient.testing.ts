import { randomU32, randomUniform } from '../random.ts';
import { learns } from './testing.ts';
import type { Case, Op } from './op.ts';

/** The derivative of all outputs along a direction of one input, in float64. */
export interface Slope {
  input: number;
  direction: Float64Array;
  /** One number an output. */
  outputs: Float64Array;
}

const H = 2e-5;

/**
 * Central differences of the float64 reference, extrapolated from two widths: for each input that learns along random directions
 * and along single elements. Where `thorough` is set, along two and along all elements if they are few; else along one,
 * the last element and another.
 * `kinks` tells the outputs that have none: where a relu bends inside a difference.
 */
export function slopesOf(op: Op, test: Case, inputs: readonly Float64Array[], thorough: boolean): { slopes: Slope[]; kinks: Uint8Array } {
  const slopes: Slope[] = [];
  let kinks = new Uint8Array(0);
  inputs.forEach((x, input) => {
    if (!learns(op, test, input)) return;
    for (const direction of directions(x.length, input, thorough)) {
      const at = (h: number): Float64Array => op.reference(inputs.map((v, i) => (i === input ? v.map((e, j) => e + h * (direction[j] as number)) : v)), test.shapes, test.attributes);
      const [wide, fine] = [difference(at(H), at(-H), 2 * H), difference(at(H / 2), at(-H / 2), H)];
      if (kinks.length === 0) kinks = new Uint8Array(wide.length);
      wide.forEach((w, j) => { if (Math.abs(w - (fine[j] as number)) > 1e-4 * (1 + Math.abs(w))) kinks[j] = 1; });
      slopes.push({ input, direction, outputs: fine.map((f, j) => (4 * f - (wide[j] as number)) / 3) });
    }
  });
  return { slopes, kinks };
}

const difference = (up: Float64Array, down: Float64Array, width: number): Float64Array => up.map((v, j) => (v - (down[j] as number)) / width);

function directions(n: number, input: number, thorough: boolean): Float64Array[] {
  const random = (thorough ? [0, 1] : [0]).map((d) => Float64Array.from({ length: n }, (_, j) => 2 * randomUniform(d, 96, input, j) - 1));
  const single = thorough && n <= 48 ? Array.from({ length: n }, (_, j) => j) : [...new Set([n - 1, randomU32(n, 95, input, 0) % n])];
  return [...random, ...single.map((at) => Float64Array.from({ length: n }, (_, j) => (j === at ? 1 : 0)))];
}

/**
 * What is wrong with a gradient that the device computed from `dy`, or undefined. Rounding errors of many elements add
 * up like a random walk, so that they are measured against roots of sums of squares.
 */
export function gradientFault(slope: Slope, dy: ArrayLike<number>, gradient: ArrayLike<number>, tolerance: number): string | undefined {
  let [given, squares, wanted, terms, touched] = [0, 0, 0, 0, 0];
  slope.direction.forEach((d, j) => {
    const part = d * (gradient[j] as number);
    given += part;
    squares += part * part;
    if (d !== 0) touched++;
  });
  slope.outputs.forEach((s, j) => {
    const part = s * (dy[j] as number);
    wanted += part;
    terms += part * part;
  });
  const allowed = tolerance * (4 * Math.sqrt(squares) + 4 * Math.sqrt(terms) + 0.5 * Math.sqrt(touched));
  return Math.abs(given - wanted) <= allowed ? undefined : `along a direction over ${touched} elements of input ${slope.input} it is ${given}, should be ${wanted} within ${allowed}`;
}
