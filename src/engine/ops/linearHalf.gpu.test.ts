import { describe, expect, it } from 'vitest';
import { testDevice, underScopes } from '../../node/testDevice.ts';
import { bytesOf, candidates } from '../gpu/kernel.ts';
import { createTrace, type Value } from '../gpu/trace.ts';
import { toHalf } from '../kernels/linear.ts';
import { randomUniform } from '../random.ts';
import { linear } from './linear.ts';
import { sum } from './mean.ts';
import { expectClose, numbers, run, trained, watched } from './run.testing.ts';
import type { Tape } from './tape.ts';
import { type Given, type Numbers, openGraph } from './testing.ts';

const gpu = await testDevice();
/** SwiftShader has no such numbers; lavapipe has. */
const halves = describe.skipIf(!gpu.facts.features.includes('shader-f16'));

/** Weights that 16 bits hold exactly: multiples of 1/1024 below 1. */
const exact = (seed: number, ...shape: number[]): Given => {
  const { data } = numbers(seed, ...shape);
  return { shape, data: Array.from(data, (v) => Math.round(v * 1024) / 1024) };
};

/** Output and gradients of act(W X + b), weighted by a fixed direction so that no two gradients are alike. */
const graph = (half: boolean, other: boolean) => (tape: Tape, v: Readonly<Record<string, Value>>): Record<string, Value | undefined> => {
  const inputs = [v.x, v.w, v.b, ...(other ? [v.other] : [])] as Value[];
  const y = tape.apply(linear, inputs, { activation: 'tanh', bias: true, halves: half });
  const z = tape.apply(linear, [y, v.direction as Value], { activation: 'none', bias: false });
  tape.loss('sum', tape.apply(sum, [z], {}));
  tape.backward();
  return { y, dx: tape.gradientOf(v.x as Value), dw: tape.gradientOf(v.w as Value), db: tape.gradientOf(v.b as Value) };
};

/** Runs a graph under each choice of variants that the device has: the base, the second of each kernel, ... */
async function allVariants(given: Record<string, Given>, half: boolean, other = false): Promise<Record<string, Numbers>[]> {
  return underScopes(gpu, async () => {
    const opened = openGraph(gpu, given, graph(half, other));
    try {
      const most = Math.max(...opened.program.dispatches.map((d) => candidates(d.kernel, d.params, { ...gpu.facts, software: false }).length));
      const results = [await opened.run()];
      for (let v = 0; v < most; v++) results.push(await opened.run((d) => candidates(d.kernel, d.params, { ...gpu.facts, software: false })[v]));
      return results;
    } finally {
      opened.destroy();
    }
  });
}

const givenOf = (width: number, out: number, batch: number, weight: (seed: number, ...shape: number[]) => Given): Record<string, Given> => ({
  x: watched(numbers(1, width, batch)), w: trained(weight(2, out, width)), b: trained(numbers(3, out)), other: weight(4, out, width), direction: numbers(5, 3, out),
});

halves('weights in 16 bits', () => {
  // [in, out, batch]: odd sizes, sizes that quads and subgroups take, and edges of their tiles.
  it.each([[1, 1, 1], [7, 5, 3], [16, 8, 4], [17, 33, 8], [64, 20, 32], [132, 65, 36]])(
    'that hold them exactly give the bits of 32, in each variant: %i x %i x %i', async (width, out, batch) => {
      const given = givenOf(width, out, batch, exact);
      for (const other of [false, true]) {
        const [want, ...same] = [...await allVariants(given, false, other), ...await allVariants(given, true, other)];
        same.forEach((result) => expect(result).toEqual(want));
      }
    });

  it('are rounded to one of the two nearest, the same in every product and in the copy four at a time', async () => {
    const values = Float32Array.from({ length: 512 }, (_, i) => 2 * (randomUniform(1, 96, 0, i) - 0.5) * 2 ** ((i % 24) - 16));
    const given = { w: { shape: [512, 1], data: values }, one: { shape: [1, 1], data: [1] } };
    const rounded = (pick: number): Promise<Record<string, Numbers>> => underScopes(gpu, async () => {
      const opened = openGraph(gpu, given, (tape, v) => ({ y: tape.apply(linear, [v.one, v.w], { activation: 'none', bias: false, halves: true }) }));
      try {
        return await opened.run((d) => (d.kernel === toHalf ? d.kernel.variants[pick] : undefined));
      } finally {
        opened.destroy();
      }
    });
    const [one, four] = [(await rounded(0)).y as Numbers, (await rounded(1)).y as Numbers];
    expect(four).toEqual(one);
    values.forEach((v, i) => {
      // Eleven bits of a number in 16, and no finer steps than 2^-24.
      const unit = 2 ** Math.max(-24, Math.floor(Math.log2(Math.abs(v))) - 10);
      expect(Math.abs((one[i] as number) - v), `${v}`).toBeLessThan(unit);
      expect((one[i] as number) / unit).toBe(Math.trunc((one[i] as number) / unit));
    });
    expect(values.filter((v, i) => v !== one[i]).length).toBeGreaterThan(400);
  });

  it('leave gradients within their rounding, and give the weight its own in 32 bits', async () => {
    const given = givenOf(40, 24, 16, numbers);
    const [full, half] = [await run(given, graph(false, false)), await run(given, graph(true, false))];
    expect(half.y).not.toEqual(full.y);
    for (const name of ['y', 'dx', 'dw', 'db']) expectClose(half[name], full[name], 5e-3);
    expect([...(half.dw as Numbers)].some((v) => Math.fround(v * 1024) !== Math.round(v * 1024))).toBe(true);
  });
});

describe('a copy in 16 bits', () => {
  it('has two bytes an element, in whole words, and is not taken for one of 32', () => {
    expect([1, 2, 3, 6].map((n) => bytesOf('f16', n))).toEqual([4, 4, 8, 12]);
    const trace = createTrace();
    const [x, y] = [trace.transient('x', 'f32', [6]), trace.transient('y', 'f16', [6])];
    trace.dispatch(toHalf, { label: 'halve', params: { n: 6 }, bind: { x, y } });
    expect(() => trace.dispatch(toHalf, { label: 'again', params: { n: 6 }, bind: { x, y: x } })).toThrow(/y must be f16/);
    expect(() => trace.dispatch(toHalf, { label: 'again', params: { n: 6 }, bind: { x: y, y } })).toThrow(/x must be f32/);
  });
});
