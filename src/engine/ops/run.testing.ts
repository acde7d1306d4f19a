import type { Gpu } from '../gpu/device.ts';
import type { Value } from '../gpu/trace.ts';
import { expect } from 'vitest';
import { testDevice, underScopes } from '../../node/testDevice.ts';
import { PURPOSE, randomUniformArray } from '../random.ts';
import type { Tape } from './tape.ts';
import { type Given, type GraphOptions, type Numbers, runGraph } from './testing.ts';

/** A linear operation without bias or activation. */
export const PLAIN = { activation: 'none', bias: false } as const;

/** Runs a graph once on the shared test device, inside error scopes. */
export async function run<G extends Record<string, Given>>(
  given: G, build: (tape: Tape, values: { readonly [name in keyof G]: Value }) => Readonly<Record<string, Value | undefined>>, options?: GraphOptions,
): Promise<Record<string, Numbers>> {
  const gpu: Gpu = await testDevice();
  return underScopes(gpu, () => runGraph(gpu, given, build, options));
}

/** Numbers in [-1, 1), seeded. */
export function numbers(seed: number, ...shape: number[]): Given {
  return { shape, data: randomUniformArray(seed, PURPOSE.data, 0, shape.reduce((a, b) => a * b, 1), -1, 1) };
}

/** A vector of ids or labels. */
export const ids = (...data: number[]): Given => ({ shape: [data.length], data, dtype: 'u32' });
/** The same as a parameter. */
export const trained = (given: Given): Given => ({ ...given, gradient: 'trainable' });
/** The same with its gradient watched. */
export const watched = (given: Given): Given => ({ ...given, gradient: 'watched' });
/** As a plain list. */
export const list = (values: Numbers | undefined): number[] => [...(values ?? [])];

/** Each element of `a` within `relative` of the largest of `b`, which is not 0. */
export function expectClose(a: Numbers | undefined, b: Numbers | undefined, relative = 1e-6): void {
  expect(a?.length).toBe(b?.length);
  const size = list(b).reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  expect(size).toBeGreaterThan(0);
  list(a).forEach((v, i) => expect(Math.abs(v - (b?.[i] as number)), `element ${i}`).toBeLessThanOrEqual(relative * size));
}
