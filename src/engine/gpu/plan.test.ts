import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesOf, kernel, reads, writes } from './kernel.ts';
import { type Plan, planTransients, type Slot } from './plan.ts';
import { createTrace, type Trace, type Value } from './trace.ts';

/** A kernel of any shape: the planner looks at access alone. */
const anyKernel = (read: number, written: number) => kernel({
  name: `any_${read}_${written}`,
  bindings: [...Array.from({ length: read }, (_, i) => reads(`r${i}`)), ...Array.from({ length: written }, (_, i) => writes(`w${i}`))],
  params: {},
  work: () => ({ flops: 0 }),
  variants: [{ name: 'base', grid: () => [1, 1, 1] }],
});

interface Recipe {
  reads: number[];
  fresh: number[];
  rewrites: number[];
}

const recipes = fc.array(fc.record({
  reads: fc.array(fc.nat(1000), { maxLength: 4 }),
  fresh: fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 3 }),
  rewrites: fc.array(fc.nat(1000), { maxLength: 1 }),
}), { minLength: 1, maxLength: 40 });

/** Each step reads values made before, makes new ones and may change one in place. */
function record(steps: readonly Recipe[]): Trace {
  const trace = createTrace();
  const made: Value[] = [];
  steps.forEach((step, at) => {
    const changed = made.length > 0 ? [...new Set(step.rewrites.map((i) => made[i % made.length] as Value))] : [];
    const read = made.length > 0 ? [...new Set(step.reads.map((i) => made[i % made.length] as Value))].filter((v) => !changed.includes(v)) : [];
    const fresh = step.fresh.map((length, i) => trace.transient(`v${at}.${i}`, 'f32', [length]));
    const written = [...changed, ...fresh];
    trace.dispatch(anyKernel(read.length, written.length), {
      label: `step ${at}`,
      params: {},
      bind: Object.fromEntries([...read.map((v, i) => [`r${i}`, v] as const), ...written.map((v, i) => [`w${i}`, v] as const)]),
    });
    made.push(...fresh);
  });
  return trace;
}

/** First and last dispatch of each value, found by another way than the planner's. */
function lifetimes(trace: Trace): Map<number, { first: number; last: number; bytes: number }> {
  const ids = new Set(trace.dispatches.flatMap((d) => d.values.map((v) => v.id)));
  return new Map([...ids].map((id) => {
    const touches = (at: number): boolean => trace.dispatches[at]?.values.some((v) => v.id === id) ?? false;
    const all = trace.dispatches.map((_, at) => at).filter(touches);
    const value = trace.dispatches.flatMap((d) => d.values).find((v) => v.id === id) as Value;
    return [id, { first: Math.min(...all), last: Math.max(...all), bytes: bytesOf(value.dtype, value.length) }];
  }));
}

const apart = (a: Slot, b: Slot): boolean => a.region !== b.region || a.offset + a.bytes <= b.offset || b.offset + b.bytes <= a.offset;

function expectSound(trace: Trace, plan: Plan): void {
  const lives = [...lifetimes(trace)];
  expect([...plan.slots.keys()].toSorted()).toEqual(lives.map(([id]) => id).toSorted());
  for (const [i, [id, life]] of lives.entries()) {
    const slot = plan.slots.get(id) as Slot;
    expect(slot.bytes).toBeGreaterThanOrEqual(life.bytes);
    expect(slot.offset % 256).toBe(0);
    for (const [other, theirs] of lives.slice(0, i)) {
      const together = life.first <= theirs.last && theirs.first <= life.last;
      if (together) expect(apart(slot, plan.slots.get(other) as Slot), `values ${id} and ${other}`).toBe(true);
    }
  }
  for (const d of trace.dispatches) {
    const regionsOf = (access: 'read' | 'write'): number[] => d.values.filter((_, i) => d.kernel.bindings[i]?.access === access).map((v) => plan.slots.get(v.id)?.region ?? -1);
    expect(regionsOf('read').filter((region) => regionsOf('write').includes(region))).toEqual([]);
  }
  const ends = plan.regions.map((_, region) => Math.max(0, ...[...plan.slots.values()].filter((s) => s.region === region).map((s) => s.offset + s.bytes)));
  expect(plan.regions).toEqual(ends);
  expect(plan.bytes).toBe(ends.reduce((a, b) => a + b, 0));
}

describe('the plan of transients', () => {
  test('keeps apart what is alive together, and what one dispatch reads and writes; regions are as large as what lies in them', () => {
    fc.assert(fc.property(recipes, (steps) => {
      const trace = record(steps);
      const plan = planTransients(trace);
      expectSound(trace, plan);
      expect(plan.bytes).toBeLessThanOrEqual(plan.unsharedBytes);
    }), { numRuns: 200 });
  });

  test('without sharing gives each value a region of its own', () => {
    fc.assert(fc.property(recipes, (steps) => {
      const trace = record(steps);
      const plan = planTransients(trace, { share: false });
      expectSound(trace, plan);
      expect(plan.bytes).toBe(plan.unsharedBytes);
      expect(plan.regions).toHaveLength(plan.slots.size);
    }), { numRuns: 50 });
  });

  test('a chain of equal values needs two of them, however long it is', () => {
    const steps: Recipe[] = Array.from({ length: 30 }, (_, i) => ({ reads: i > 0 ? [i - 1] : [], fresh: [64], rewrites: [] }));
    expect(planTransients(record(steps))).toMatchObject({ regions: [256, 256], bytes: 512, unsharedBytes: 30 * 256 });
  });

  test('a value that is read before it is written is refused by name', () => {
    const trace = createTrace();
    trace.dispatch(anyKernel(1, 1), { label: 'early', params: {}, bind: { r0: trace.transient('ghost', 'f32', [4]), w0: trace.transient('out', 'f32', [4]) } });
    expect(() => planTransients(trace)).toThrow(/ghost is read by any_1_1 \(early\) before anything wrote it/);
  });

  test('a trace without transients needs nothing', () => {
    const trace = createTrace();
    trace.dispatch(anyKernel(0, 1), { label: 'only', params: {}, bind: { w0: trace.state('s', 'f32', 4) } });
    expect(planTransients(trace)).toMatchObject({ regions: [], bytes: 0, unsharedBytes: 0 });
  });
});
