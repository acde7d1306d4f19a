import { beforeAll, describe, expect, it, test as once } from 'vitest';
import { testDevice, underScopes } from '../../node/testDevice.ts';
import type { Gpu } from '../gpu/device.ts';
import { candidates, runsOn, type Variant, type VariantFacts } from '../gpu/kernel.ts';
import { type Dispatch, sizeOf } from '../gpu/trace.ts';
import { randomU32, randomUniform } from '../random.ts';
import { gradientFault, slopesOf } from './gradient.testing.ts';
import { OPS } from './index.ts';
import type { Case, Op } from './op.ts';
import { caseInputs, learns, type Numbers, openCase } from './testing.ts';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await testDevice();
});

const SIZES = [1, 2, 3, 7, 16, 17, 63, 64, 65, 127, 128, 129] as const;

/** Sizes for `free` dimensions: any two of SIZES meet in any two places (144 rows of a Latin square), and 20 random rows. */
function combinations(free: 1 | 2 | 3): number[][] {
  const square = SIZES.flatMap((a, i) => SIZES.map((b, j) => [a, b, SIZES[(i + j) % SIZES.length] as number]));
  const random = Array.from({ length: 20 }, (_, i) => [0, 1, 2].map((d) => 1 + (randomU32(5, 98, i, d) % 140)));
  const rows = (free === 1 ? SIZES.map((a) => [a]) : square).concat(random).map((row) => row.slice(0, free));
  return [...new Map(rows.map((row) => [row.join(' x '), row])).values()];
}

const casesOf = (op: Op): Case[] => [...op.cases, ...combinations(op.cover.free).map((sizes) => ({ name: sizes.join(' x '), ...op.cover.at(sizes) }))];

const toleranceOf = (op: Op, test: Case): number => Math.max(op.transcendental(test.attributes) ? 2e-5 : 0, 1e-6 * Math.max(1, Math.sqrt(op.terms(test.shapes)) / 4));

/** Variants for graphics cards are tried too: what they compute must be right on any device. */
const anyDevice = (): VariantFacts => ({ ...gpu.facts, software: false });

/** Every way to choose the variants of a graph so that each one runs: the base of all, the second of all, ... */
function picks(dispatches: readonly Dispatch[]): ((d: Dispatch) => Variant | undefined)[] {
  const most = Math.max(...dispatches.map((d) => candidates(d.kernel, d.params, anyDevice()).length));
  return Array.from({ length: most }, (_, v) => (d: Dispatch) => candidates(d.kernel, d.params, anyDevice())[v]);
}

const bitsOf = (values: Numbers): Uint32Array => new Uint32Array(values.buffer, values.byteOffset, values.length);

/** Names of the values that differ in a bit. */
function differing(a: Readonly<Record<string, Numbers>>, b: Readonly<Record<string, Numbers>>): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((name) => {
    const [x, y] = [a[name], b[name]];
    if (!x || !y || x.length !== y.length) return true;
    const [p, q] = [bitsOf(x), bitsOf(y)];
    return p.some((word, i) => word !== q[i]);
  });
}

/** Runs a case in every way; gives what is wrong with it. */
async function faultsOf(op: Op, test: Case, seed: number, ran: Set<string>): Promise<string[]> {
  const inputs = caseInputs(test, seed);
  const want = op.reference(inputs, test.shapes, test.attributes);
  const { slopes, kinks } = op.differentiable === true ? slopesOf(op, test, inputs, seed < op.cases.length) : { slopes: [], kinks: [] };
  // Where the reference bends there is no derivative to compare with: that output sends nothing back.
  const dy = Float32Array.from(want, (_, j) => (kinks[j] ? 0 : 2 * randomUniform(seed, 97, 0, j) - 1));
  const tolerance = toleranceOf(op, test);
  const graph = openCase(gpu, op, test, inputs, dy);
  try {
    const faults: string[] = [];
    const base = await graph.run();
    const magnitude = op.magnitude?.(inputs, test.shapes, test.attributes);
    const output = base.output as Numbers;
    const off = want.findIndex((w, j) => !(Math.abs((output[j] as number) - w) <= tolerance * (Math.abs(w) + (magnitude?.[j] ?? 0))));
    if (output.length !== want.length) faults.push(`it has ${output.length} outputs, not ${want.length}`);
    if (off >= 0) faults.push(`output ${off} is ${output[off]}, should be ${want[off]}`);
    for (const slope of slopes) {
      const gradient = base[`d${slope.input}`];
      const fault = gradient ? gradientFault(slope, dy, gradient, tolerance) : `input ${slope.input} has none`;
      if (fault) faults.push(`gradient: ${fault}`);
    }
    graph.program.dispatches.forEach((d) => ran.add(`${d.kernel.name}/${d.kernel.variants[0].name}`));
    for (const pick of picks(graph.program.dispatches)) {
      const chosen = graph.program.dispatches.flatMap((d) => pick(d) ? [`${d.kernel.name}/${pick(d)?.name}`] : []);
      if (chosen.length === 0) continue;
      chosen.forEach((name) => ran.add(name));
      const wrong = differing(base, await graph.run(pick));
      if (wrong.length > 0) faults.push(`${wrong.join(', ')} differ in bits under ${chosen.join(', ')}`);
    }
    return faults;
  } finally {
    graph.destroy();
  }
}

const first = (op: Op): { test: Case; inputs: Float64Array[]; dy: Float32Array } => {
  const test = op.cases.at(-1) as Case;
  const n = sizeOf(op.infer(test.shapes, test.attributes).shape);
  return { test, inputs: caseInputs(test, 1), dy: Float32Array.from({ length: n }, (_, j) => 2 * randomUniform(3, 97, 0, j) - 1) };
};

/** Runs a case once. */
async function ranOnce(...args: Parameters<typeof openCase>): Promise<Record<string, Numbers>> {
  const graph = openCase(...args);
  try {
    return await graph.run();
  } finally {
    graph.destroy();
  }
}

const ALL = Object.entries(OPS);
const DIFFERENTIABLE = ALL.filter(([, op]) => op.differentiable === true);
/** Kernel variants that some case ran. */
const ran = new Set<string>();

describe.each(ALL)('%s', (name, op) => {
  it('has its own name', () => expect(op.name).toBe(name));

  it('agrees with its float64 reference, forward and backward, for all sizes and variants', async () => {
    await underScopes(gpu, async () => {
      const faults: string[] = [];
      for (const [seed, test] of casesOf(op).entries()) {
        for (const fault of await faultsOf(op, test, seed, ran)) faults.push(`${test.name}: ${fault}`);
      }
      expect(faults).toEqual([]);
    });
  });

  it('gives the same bits three times', async () => {
    await underScopes(gpu, async () => {
      for (const [seed, test] of op.cases.entries()) {
        const { shape } = op.infer(test.shapes, test.attributes);
        const graph = openCase(gpu, op, test, caseInputs(test, seed), new Float32Array(sizeOf(shape)).fill(0.7));
        const runs = [await graph.run(), await graph.run(), await graph.run()];
        graph.destroy();
        expect(differing(runs[0] ?? {}, runs[1] ?? {})).toEqual([]);
        expect(differing(runs[0] ?? {}, runs[2] ?? {})).toEqual([]);
      }
    });
  });
});

describe.each(DIFFERENTIABLE)('%s, backward', (_, op) => {
  it('gives each input alone the gradient that it has among others, and no other input one', async () => {
    const { test, inputs, dy } = first(op);
    const together = await ranOnce(gpu, op, test, inputs, dy);
    for (let i = 0; i < inputs.length; i++) {
      if (!learns(op, test, i)) continue;
      const alone = await ranOnce(gpu, op, test, inputs, dy, { trained: [i] });
      expect(Object.keys(alone)).toEqual(['output', `d${i}`]);
      expect(differing({ d: together[`d${i}`] as Numbers }, { d: alone[`d${i}`] as Numbers })).toEqual([]);
    }
    expect(Object.keys(await ranOnce(gpu, op, test, inputs, dy, { trained: [] })).filter((name) => name !== 'output')).toEqual([]);
  });

  it('takes one number for all elements like the same number in each', async () => {
    const { test, inputs, dy } = first(op);
    const knob = { name: 'weight', value: 0.5 };
    const one = await ranOnce(gpu, op, test, inputs, dy, { arrived: { scale: 0.75, knob } });
    const each = await ranOnce(gpu, op, test, inputs, dy.map(() => 0.375));
    for (const [name, values] of Object.entries(each)) {
      const given = one[name] as Numbers;
      values.forEach((v, j) => expect(Math.abs(v - (given[j] as number)), `${name} ${j}`).toBeLessThanOrEqual(1e-6 * Math.abs(v)));
    }
  });

  it('lets NaN through, so that divergence is seen', async () => {
    const { test, inputs, dy } = first(op);
    const broken = await ranOnce(gpu, op, test, inputs.map((x, i) => (i === 0 ? x.map(() => Number.NaN) : x)), dy);
    expect(bitsOf(broken.output as Numbers).some((word) => (word & 0x7fffffff) > 0x7f800000)).toBe(true);
  });
});

once('every variant of every kernel of the operations ran, and was compared, in some case', () => {
  const kernels = new Set<Dispatch['kernel']>();
  for (const [, op] of ALL) {
    const { test, inputs, dy } = first(op);
    const graph = openCase(gpu, op, test, inputs, dy);
    graph.program.dispatches.forEach((d) => kernels.add(d.kernel));
    graph.destroy();
  }
  const missing = [...kernels].flatMap((k) => k.variants.filter((v) => runsOn(v, anyDevice())).map((v) => `${k.name}/${v.name}`)).filter((name) => !ran.has(name));
  expect(missing).toEqual([]);
});

describe('by hand', () => {
  it('tanh and gelu are finite and right far from 0', async () => {
    const x = Float64Array.of(-1e4, -100, -16, -15, 15, 16, 100, 1e4);
    const test = { name: 'far', shapes: [[8]], attributes: {} };
    for (const op of [OPS.tanh, OPS.gelu]) {
      const { output, d0 } = await ranOnce(gpu, op, test, [x], new Float32Array(8).fill(1));
      op.reference([x], test.shapes, {}).forEach((w, j) => expect(output?.[j]).toBeCloseTo(w, 5));
      d0?.forEach((d, j) => expect(d).toBeCloseTo(op === OPS.gelu && (x[j] as number) > 0 ? 1 : 0, 5));
    }
  });

  it('cross-entropy is stable for logits of any size', async () => {
    const logits = Float64Array.of(1000, -1000, 0, 500, 0, 1000);
    const { output, d0 } = await ranOnce(gpu, OPS.softmaxCrossEntropy, { name: 'far', shapes: [[3, 2], [2]], attributes: {}, integers: { 1: 3 } }, [logits, Float64Array.of(2, 2)], [1, 1]);
    expect([...(output ?? [])]).toEqual([1000, 0]);
    expect([...(d0 ?? [])]).toEqual([1, 0, 0, 0, -1, 0]);
  });

  it('argmax takes the lower of equal classes', async () => {
    const { output } = await ranOnce(gpu, OPS.argmax, { name: 'ties', shapes: [[3, 3]], attributes: {} }, [Float64Array.of(1, 0, 5, 1, 2, 5, 1, 2, 5)], [0, 0, 0]);
    expect([...(output ?? [])]).toEqual([0, 1, 0]);
  });

  it('an id past the end of the vocabulary is the last row, and that row learns from it', async () => {
    const test = { name: 'past', shapes: [[2, 1], [3]], attributes: {}, integers: { 1: 9 } };
    const { output, d0 } = await ranOnce(gpu, OPS.embedding, test, [Float64Array.of(4, 6), Float64Array.of(8, 0, 1)], [1, 10, 100]);
    expect([...(output ?? [])]).toEqual([6, 4, 6]);
    expect([...(d0 ?? [])]).toEqual([10, 101]);
  });

  it('a bit is set for what is above 0, not for 0 of either sign', async () => {
    const { output } = await ranOnce(gpu, OPS.positiveBits, { name: 'zeros', shapes: [[5]], attributes: {} }, [Float64Array.of(-1, 0, 1e-30, -0, 2)], [0, 0, 0, 0, 0]);
    expect([...(output ?? [])]).toEqual([0, 0, 1, 0, 1]);
  });

  it('relu has slope 0 at 0', async () => {
    const { d0 } = await ranOnce(gpu, OPS.relu, { name: 'zero', shapes: [[3]], attributes: {} }, [Float64Array.of(-1, 0, 1)], [1, 1, 1]);
    expect([...(d0 ?? [])]).toEqual([0, 0, 1]);
  });
});
