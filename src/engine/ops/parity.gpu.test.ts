import { beforeAll, describe, expect, it } from 'vitest';
import { testDevice, underScopes } from '../../node/testDevice.ts';
import type { Gpu } from '../gpu/device.ts';
import { sizeOf } from '../gpu/trace.ts';
import { randomU32, randomUniform } from '../random.ts';
import { OPS } from './index.ts';
import type { Case, Op } from './op.ts';
import { caseInputs, runCase } from './testing.ts';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await testDevice();
});

const SIZES = [1, 2, 3, 7, 16, 17, 63, 64, 65, 127, 128, 129] as const;

/** Every pair of sizes meets in every pair of places, in 144 triples; and 20 more at random. */
function triples(): [number, number, number][] {
  const pairs = SIZES.flatMap((a, i) => SIZES.map((b, j): [number, number, number] => [a, b, SIZES[(i + j) % SIZES.length] as number]));
  const free = Array.from({ length: 20 }, (_, i): [number, number, number] => [0, 1, 2].map((d) => 1 + (randomU32(5, 98, i, d) % 140)) as [number, number, number]);
  return [...pairs, ...free];
}

/** The cases of an operation, and for products the covering ones. */
function casesOf(op: Op): readonly Case[] {
  if (op.name === 'linear') {
    const activations = ['none', 'relu', 'tanh'] as const;
    return [...op.cases, ...triples().map(([o, i, b], n) => ({ name: `${o} x ${i} x ${b}`, shapes: [[i, b], [o, i], [o]], attributes: { activation: activations[n % 3] as string, bias: true } }))];
  }
  const two = ['softmaxCrossEntropy', 'layerNorm', 'squaredError', 'mean', 'sum', 'argmax', 'relu', 'positiveBits'].includes(op.name);
  if (!two) return op.cases;
  const first = op.cases[0] as Case;
  const shaped = SIZES.map((a, i) => [a, SIZES[(i * 5 + 3) % SIZES.length] as number] as const).filter(([a]) => op.name !== 'layerNorm' || a > 1);
  return [...op.cases, ...shaped.map(([f, b]) => ({ ...first, name: `${f} x ${b}`, shapes: first.shapes.map((s, k) => (s.length === 2 || k === 0 ? [f, b] : op.name === 'softmaxCrossEntropy' ? [b] : [f])), ...(first.integers ? { integers: { 1: f } } : {}) }))];
}

const toleranceOf = (op: Op, shapes: Case['shapes']): number => (op.transcendental ? 2e-5 : 0) + 1e-6 * Math.max(1, Math.sqrt(op.terms(shapes)) / 4);

/** Sum of |terms| per output where the operation is a sum of products, else 1: what rounding errors are measured by. */
function magnitudes(op: Op, test: Case, inputs: readonly Float64Array[]): Float64Array | undefined {
  if (!['linear', 'mean', 'sum', 'embedding', 'add'].includes(op.name)) return undefined;
  return op.reference(inputs.map((x) => x.map(Math.abs)), test.shapes, op.name === 'linear' ? { ...test.attributes, activation: 'none' } : test.attributes);
}

describe.each(Object.values(OPS).map((op) => [op.name, op] as const))('%s', (_, op) => {
  it('agrees with its float64 reference, forward and backward, in every variant', async () => {
    await underScopes(gpu, async () => {
      for (const [n, test] of casesOf(op).entries()) {
        const inputs = caseInputs(test, n);
        const want = op.reference(inputs, test.shapes, test.attributes);
        const dy = Float32Array.from(want, (__, j) => Math.fround(2 * randomUniform(n, 97, 0, j) - 1));
        const got = await runCase(gpu, op, test, inputs, dy);
        const terms = magnitudes(op, test, inputs);
        const tolerance = toleranceOf(op, test.shapes);
        want.forEach((w, j) => {
          const error = Math.abs((got.output[j] as number) - w);
          if (!(error <= tolerance * (Math.abs(w) + (terms?.[j] ?? 1)))) expect.fail(`${op.name} ${test.name}: output ${j} is ${got.output[j]}, should be ${w}.`);
        });
        checkGradients(op, test, inputs, dy, got.gradients);
        await checkVariants(op, test, inputs, dy, got);
      }
    });
  });

  it('gives the same bits each time', async () => {
    const test = op.cases.at(-1) as Case;
    const inputs = caseInputs(test, 1);
    const dy = new Float32Array(sizeOf(op.infer(test.shapes, test.attributes).shape)).fill(0.5);
    const [a, b, c] = [await runCase(gpu, op, test, inputs, dy), await runCase(gpu, op, test, inputs, dy), await runCase(gpu, op, test, inputs, dy)];
    expect(b).toEqual(a);
    expect(c).toEqual(a);
  });
});

/** Central differences of the reference along random directions, for each input that has a gradient. */
function checkGradients(op: Op, test: Case, inputs: readonly Float64Array[], dy: Float32Array, gradients: readonly (Float32Array | undefined)[]): void {
  const along = (input: number, direction: Float64Array, h: number): number => {
    const at = (sign: number): Float64Array => op.reference(inputs.map((x, i) => (i === input ? x.map((v, j) => v + sign * h * (direction[j] as number)) : x)), test.shapes, test.attributes);
    const [up, down] = [at(1), at(-1)];
    return up.reduce((sum, v, j) => sum + (v - (down[j] as number)) * (dy[j] as number), 0) / (2 * h);
  };
  gradients.forEach((gradient, input) => {
    if (!gradient) return;
    for (let d = 0; d < 2; d++) {
      const direction: Float64Array = Float64Array.from(gradient, (_, j) => 2 * randomUniform(d, 96, input, j) - 1);
      const [slope, finer]: [number, number] = [along(input, direction, 1e-5), along(input, direction, 5e-6)];
      const size = gradient.reduce((sum, g, j) => sum + Math.abs(g * (direction[j] as number)), 0);
      // A kink (relu) inside the difference shows as disagreement of the two step widths: no derivative to compare with.
      if (Math.abs(slope - finer) > 1e-6 * (size + 1e-3)) continue;
      const given: number = gradient.reduce((sum, g, j) => sum + g * (direction[j] as number), 0);
      if (!(Math.abs(given - slope) <= 5e-5 * size + 1e-5)) expect.fail(`${op.name} ${test.name}: along a direction of input ${input} the gradient is ${given}, should be ${slope}.`);
    }
  });
}

/** All variants of all kernels that a case runs give the bits of the first. */
async function checkVariants(op: Op, test: Case, inputs: readonly Float64Array[], dy: Float32Array, base: Awaited<ReturnType<typeof runCase>>): Promise<void> {
  const most = op.name === 'linear' ? 3 : 1;
  for (let v = 1; v < most; v++) {
    const got = await runCase(gpu, op, test, inputs, dy, (program, at) => {
      const d = program.dispatches[at];
      const variant = d?.kernel.variants[v];
      return variant && (variant.eligible?.(d.params) ?? true) ? variant : undefined;
    });
    if (!sameBits(got.output, base.output) || !got.gradients.every((g, i) => sameBits(g, base.gradients[i]))) expect.fail(`${op.name} ${test.name}: variant ${v} gives other bits than the first.`);
  }
}

function sameBits(a: Float32Array | Uint32Array | undefined, b: Float32Array | Uint32Array | undefined): boolean {
  if (!a || !b) return a === b;
  const [x, y] = [new Uint32Array(a.buffer), new Uint32Array(b.buffer)];
  return x.length === y.length && x.every((word, i) => word === y[i]);
}
