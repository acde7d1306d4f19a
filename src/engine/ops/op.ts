import type { DType } from '../gpu/kernel.ts';
import type { Value } from '../gpu/trace.ts';
import type { Tape } from './tape.ts';

/** Settings of one call of an operation. */
export type Attributes = Readonly<Record<string, number | string | boolean>>;

/** A gradient on its way back: in memory, or one number (`scale` times a knob) for all elements. */
export type Gradient = { kind: 'value'; value: Value } | { kind: 'uniform'; scale: number; knob: number };

/** One application of an operation, as the tape keeps it. */
export interface Call {
  op: Op;
  inputs: readonly Value[];
  attributes: Attributes;
  output: Value;
  /** What backward needs besides inputs and output; forward puts it there. */
  saved: Record<string, Value>;
  /** Set by the only consumer when its input gradient already holds the slope of this call's fused activation. */
  slopeDone: boolean;
}

/** A shape worth testing, with its attributes; inputs are filled with seeded numbers. */
export interface Case<A extends Attributes = Attributes> {
  name: string;
  shapes: readonly (readonly number[])[];
  attributes: A;
  /** Inputs that hold ids, and the number that they lie below. All others are f32 in (-1, 1). */
  integers?: Readonly<Record<number, number>>;
  /** Inputs that are bitsets. */
  bits?: readonly number[];
}

/** What every operation has. Layout of activations: [features, batch], row-major. */
interface OpBase<A extends Attributes> {
  name: string;
  infer(shapes: readonly (readonly number[])[], attributes: A): { shape: readonly number[]; dtype: DType };
  /** Appends the dispatches that compute `call.output`. */
  forward(tape: Tape, call: Call & { attributes: A }): void;
  /** Float64, plain loops: what the operation means. Inputs and output row-major. `saved` outputs are not needed. */
  reference(inputs: readonly Float64Array[], shapes: readonly (readonly number[])[], attributes: A): Float64Array;
  /** Inputs that are f32 and yet get no gradient. */
  constants?: readonly number[];
  cases: readonly Case<A>[];
  /** More cases from sizes: the tests ask for combinations of `free` sizes in which each pair of sizes meets. */
  cover: { free: 1 | 2 | 3; at(sizes: readonly number[]): Omit<Case<A>, 'name'> };
  /** Relative tolerance: K of the longest sum decides, or 2e-5 where the shader uses exp, log, tanh or an inverse root. */
  transcendental(attributes: A): boolean;
  /** Longest sum of a case, forward or backward, for the tolerance. */
  terms(shapes: readonly (readonly number[])[]): number;
  /** Sum of |terms| of each output, which rounding errors are measured by beside |output|; absent where nothing is added up. */
  magnitude?(inputs: readonly Float64Array[], shapes: readonly (readonly number[])[], attributes: A): Float64Array;
}

/** An operation: it has a backward, or says why it has none; one without the other does not compile. */
export type Op<A extends Attributes = Attributes> = OpBase<A> & (
  | { differentiable: true; backward(tape: Tape, call: Call & { attributes: A }, arrived: Gradient, give: (input: number, gradient: Gradient) => void): void }
  | { differentiable: string }
);

/** Declares an operation; only here so that the attribute type is inferred. */
export function op<A extends Attributes>(declaration: Op<A>): Op<A> {
  return declaration;
}

/** A gradient in memory. */
export const inMemory = (value: Value): Gradient => ({ kind: 'value', value });
