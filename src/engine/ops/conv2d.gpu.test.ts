import { describe, expect, it } from 'vitest';
import { createKnobLayout } from '../gpu/knobs.ts';
import { planTransients } from '../gpu/plan.ts';
import { createTrace, type Value } from '../gpu/trace.ts';
import { conv2d } from './conv2d.ts';
import { linear } from './linear.ts';
import { mean, sum } from './mean.ts';
import { numbers, PLAIN, run, trained, watched } from './run.testing.ts';
import { createTape, type Tape } from './tape.ts';

const SAME = { height: 4, width: 5, stride: 1, padding: 1, activation: 'none', bias: false } as const;

describe('a convolution', () => {
  it('unfolds nothing in memory: a step plans activations, their gradients and partial sums', () => {
    const [batch, side, out] = [128, 14, 32];
    const trace = createTrace();
    const tape = createTape(trace, createKnobLayout(), true);
    const state = (name: string, shape: number[]): Value => trace.reshape(trace.state(name, 'f32', shape.reduce((a, b) => a * b)), shape);
    const weight = tape.trainable(state('weight', [out, 16, 3, 3]), state('gradient', [out, 16, 3, 3]));
    const x = tape.watch(state('x', [16 * side * side, batch]));
    const y = tape.apply(conv2d, [x, weight], { ...SAME, height: side, width: side });
    tape.loss('mean', tape.apply(mean, [y], {}));
    tape.backward();
    const { bytes } = planTransients(trace);
    const unfolded = 4 * 16 * 9 * side * side * batch;
    // Y, dY and dX at most, and 1 MiB of parts: less than unfolding X alone would take.
    expect(bytes).toBeLessThanOrEqual(4 * (2 * out + 16) * side * side * batch + 1.25 * 2 ** 20);
    expect(bytes).toBeLessThan(0.7 * unfolded);
  });

  it('of 1 x 1 pictures by a 1 x 1 kernel has the bits of a linear layer', async () => {
    const attributes = { ...SAME, height: 1, width: 1, padding: 0 };
    const data = { x: watched(numbers(1, 9, 13)), w: numbers(2, 17, 9), dy: numbers(3, 17, 13) };
    const graph = (convolve: boolean) => (tape: Tape, v: { x: Value; w: Value; dy: Value }): Record<string, Value | undefined> => {
      const y = convolve ? tape.apply(conv2d, [v.x, tape.trace.reshape(v.w, [17, 9, 1, 1])], attributes) : tape.apply(linear, [v.x, v.w], PLAIN);
      tape.loss('sum', tape.apply(sum, [y], {}));
      tape.backward();
      return { y, dx: tape.gradientOf(v.x) };
    };
    expect(await run(data, graph(true))).toEqual(await run(data, graph(false)));
  });

  it('takes the slope of the convolution before it into its input gradient', async () => {
    const given = { x: numbers(1, 20, 8), w: trained(numbers(2, 6, 1, 3, 3)), b: numbers(3, 6), w2: numbers(4, 3, 6, 3, 3) };
    const graph = (fused: boolean) => (tape: Tape, v: { readonly [name in keyof typeof given]: Value }): Record<string, Value | undefined> => {
      const h = tape.apply(conv2d, [v.x, v.w, v.b], { ...SAME, activation: 'relu', bias: true });
      const y = tape.apply(conv2d, [fused ? h : tape.watch(h), v.w2], SAME);
      tape.loss('sum', tape.apply(sum, [y], {}));
      tape.backward();
      return { dw: tape.gradientOf(v.w) };
    };
    const [fused, apart] = [await run(given, graph(true)), await run(given, graph(false))];
    expect(fused).toEqual(apart);
  });

  it('may use another weight for its input gradient', async () => {
    const given = { x: watched(numbers(1, 20, 3)), w: trained(numbers(2, 4, 1, 3, 3)), other: numbers(3, 4, 1, 3, 3) };
    const graph = (own: boolean) => (tape: Tape, v: { readonly [name in keyof typeof given]: Value }): Record<string, Value | undefined> => {
      const y = tape.apply(conv2d, [v.x, v.w, ...(own ? [v.other] : [])], SAME);
      tape.loss('sum', tape.apply(sum, [y], {}));
      tape.backward();
      return { y, dx: tape.gradientOf(v.x), dw: tape.gradientOf(v.w) };
    };
    const [plain, custom] = [await run(given, graph(false)), await run(given, graph(true))];
    expect(custom.y).toEqual(plain.y);
    expect(custom.dw).toEqual(plain.dw);
    expect(custom.dx).not.toEqual(plain.dx);
  });

  it.each([
    ['a picture of another size', [[21, 3], [4, 1, 3, 3]], SAME, /X must have in x 4 x 5 rows/],
    ['a flat weight', [[20, 3], [4, 9]], SAME, /W be \[out, in, height, width\]/],
    ['padding as wide as the kernel', [[20, 3], [4, 1, 1, 1]], SAME, /padding must be smaller/],
    ['a kernel past the picture', [[20, 3], [4, 1, 7, 7]], SAME, /must fit into the picture/],
  ] as const)('refuses %s', (_, shapes, attributes, message) => expect(() => conv2d.infer(shapes, attributes)).toThrow(message));
});
