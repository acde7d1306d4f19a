import { describe, expect, it } from 'vitest';
import { testDevice, underScopes } from '../../node/testDevice.ts';
import { runOnce } from '../../node/testRig.ts';
import { candidates } from '../gpu/kernel.ts';
import type { Value } from '../gpu/trace.ts';
import { nmDecompress, nmValuesLength } from '../kernels/nm.ts';
import { packBits } from '../sparsity/bits.ts';
import type { NmPattern } from '../sparsity/pattern.ts';
import { chooseByPattern } from '../sparsity/patternChoice.ts';
import { linear } from './linear.ts';
import { sum } from './mean.ts';
import { nmBackwardLength, nmLength, nmLinear, traceNmBackwardIndex, traceNmIndex, traceNmValues } from './nmLinear.ts';
import type { Tape } from './tape.ts';
import { caseInputs, type Numbers, openCase, openGraph } from './testing.ts';

/** Flags of a mask that keeps the largest n of m, shared by lines of rows. */
function maskOf(weight: ArrayLike<number>, out: number, width: number, { n, m, share }: { n: number; m: number; share: number }): Uint8Array {
  const lines = Math.ceil(out / share);
  const sums = Float32Array.from({ length: lines * width }, (_, i) => {
    let sum = 0;
    for (let r = Math.floor(i / width) * share; r < Math.min(out, (Math.floor(i / width) + 1) * share); r++) sum += Math.abs(weight[r * width + (i % width)] as number);
    return sum;
  });
  const pattern: NmPattern = { n, m, axis: 'in' };
  const chosen = chooseByPattern(new Uint32Array(sums.buffer).map((bits) => bits + 1), { rows: lines, columns: width }, pattern);
  return Uint8Array.from({ length: out * width }, (_, i) => chosen[Math.floor(Math.floor(i / width) / share) * width + (i % width)] as number);
}

/** Index, values, and the weights that are made of them again. */
async function compressed(weight: readonly number[], out: number, width: number, pattern: { n: number; m: number; share: number }): Promise<{ index: Uint32Array; values: number[]; weight: number[] }> {
  const size = { name: 'w', out, in: width, first: 0 };
  const layer = { out_size: out, in_size: width, m: pattern.m, share: pattern.share };
  let got: { index: Uint32Array; values: number[]; weight: number[] } | undefined;
  await runOnce((trace) => {
    const w = trace.state('w', 'f32', out * width);
    const index = trace.state('index', 'u32', nmLength(size, pattern));
    traceNmIndex(trace, size, trace.state('mask', 'bits', 32 * Math.ceil((out * width) / 32)), index, pattern);
    traceNmValues(trace, layer, 'w', w, index);
    const last = trace.dispatches.at(-1);
    const values = trace.state('values', 'f32', nmValuesLength(layer));
    if (last) trace.dispatch(last.kernel, { label: 'kept', params: last.params, bind: { weight: w, index, values } });
    trace.dispatch(nmDecompress, { label: 'again', params: layer, bind: { values, index, weight: trace.state('again', 'f32', out * width) } });
  }, { w: Float32Array.from(weight), mask: packBits(maskOf(weight, out, width, pattern)) }, {}, async (rig) => {
    got = { index: (await rig.words('index'))[0] as Uint32Array, values: await rig.floats('values'), weight: await rig.floats('again') };
  });
  return got as NonNullable<typeof got>;
}

describe('compressed weights', () => {
  it('of 2:4 have the values and the word of the specification', async () => {
    const row = Array.from({ length: 32 }, (_, i) => ((7919 * i + 13) % 101) - 50);
    const { index, values, weight } = await compressed(row, 1, 32, { n: 2, m: 4, share: 1 });
    expect(values.slice(0, 16)).toEqual([-37, 45, -34, 48, 29, -31, -50, 32, -47, 35, -25, -44, 38, -41, 41, 22]);
    expect(index.slice(0, 4)).toEqual(Uint32Array.of(2, 16, 1, 0xdc8d89d8));
    expect(weight).toEqual(row.map((v) => (values.slice(0, 16).includes(v) ? v : 0)));
  });

  it('keep the two of four of a small matrix', async () => {
    const { values, index } = await compressed([1, 2, 0, 0, 0, 0, 3, 4, 0, 6, 7, 0, 0, 6, 0, 8], 4, 4, { n: 2, m: 4, share: 1 });
    expect(values.slice(0, 8)).toEqual([1, 2, 3, 4, 6, 7, 6, 8]);
    expect(index.slice(3, 7)).toEqual(Uint32Array.of(0b0100, 0b1110, 0b1001, 0b1101));
  });

  it.each([[1, 2, 1, 5, 7], [2, 4, 1, 7, 37], [3, 8, 4, 10, 33], [1, 16, 8, 20, 100], [31, 32, 16, 17, 65], [5, 7, 8, 9, 3], [4, 4, 1, 3, 9], [1, 1, 1, 2, 2]] as const)('%i:%i, shared by %i, of %i x %i, are put together again to the bit', async (n, m, share, out, width) => {
    const weight = [...Float32Array.from({ length: out * width }, (_, i) => (i % 7 === 0 ? 0 : Math.sin(i + n)))];
    const mask = maskOf(weight, out, width, { n, m, share });
    const again = await compressed(weight, out, width, { n, m, share });
    expect(again.weight).toEqual(weight.map((v, i) => (mask[i] ? v : 0)));
    expect(again.index[0]).toBe(width < m ? Math.floor((Math.ceil((n * width) / m) * m) / width) : n);
  });
});

describe('products over N of M', () => {
  it.each([[1, 2, 1], [2, 4, 1], [2, 4, 8], [1, 4, 16], [1, 8, 8], [3, 8, 4], [1, 16, 8], [1, 32, 1], [4, 4, 8]] as const)('%i:%i shared by %i have the bits of dense products of a masked weight, in all variants', async (n, m, share) => {
    const gpu = await testDevice();
    const [out, width, batch] = [53, 76, 20] as const;
    const shapes = [[width, batch], [out, width], [out, width], [out]];
    const [x, w, , b] = caseInputs({ name: '', shapes, attributes: {} }, m) as [Float64Array, Float64Array, Float64Array, Float64Array];
    const mask = Float64Array.from(maskOf(w, out, width, { n, m, share }));
    const dy = Float32Array.from({ length: out * batch }, (_, i) => Math.sin(i));
    await underScopes(gpu, async () => {
      const settings = { activation: 'none', bias: true } as const;
      const dense = openCase(gpu, linear, { name: '', shapes: [shapes[0]!, shapes[1]!, shapes[3]!], attributes: settings }, [x, w.map((v, i) => v * mask[i]!), b], dy);
      const want = await dense.run();
      dense.destroy();
      for (const expand of [false, true]) {
        const attributes = { ...settings, index: '', first: 0, denseGradient: false, m, share, expand, backward: '', backwardShare: 1 };
        const graph = openCase(gpu, nmLinear, { name: '', shapes, attributes, bits: [2] }, [x, w, mask, b], dy);
        const most = Math.max(...graph.program.dispatches.map((d) => d.kernel.variants.length));
        for (let v = 0; v < most; v++) {
          const got = await graph.run((d) => (v === 0 ? undefined : candidates(d.kernel, d.params, gpu.facts)[v - 1]));
          const dw = (want.d1 as Numbers).map((g, i) => (mask[i] === 0 ? 0 : g));
          expect([got.output, got.d0, got.d1, got.d3]).toEqual([want.output, want.d0, dw, want.d2]);
        }
        graph.destroy();
      }
    });
  });
});

describe('input gradients through a transposed copy, N of M outputs', () => {
  it.each([[2, 8, 8], [1, 4, 1], [3, 5, 4], [1, 16, 16], [8, 8, 8]] as const)('%i:%i shared by %i inputs have the bits of dense products of a weight with another mask, in all variants', async (n, m, share) => {
    const gpu = await testDevice();
    const [out, width, batch] = [53, 76, 20] as const;
    const random = (seed: number, ...shape: number[]) => ({ shape, data: Float32Array.from(caseInputs({ name: '', shapes: [shape], attributes: {} }, seed)[0] as Float64Array) });
    const weight = random(m, out, width);
    const turned = Float32Array.from({ length: out * width }, (_, i) => weight.data[(i % out) * width + Math.floor(i / out)] as number);
    const transposed = maskOf(turned, width, out, { n, m, share });
    const masks = { forth: maskOf(weight.data, out, width, { n, m, share: 1 }), back: Uint8Array.from({ length: out * width }, (_, i) => transposed[(i % width) * out + Math.floor(i / width)] as number) };
    const seen = (mask: Uint8Array) => ({ shape: weight.shape, data: weight.data.map((w, i) => w * (mask[i] as number)) });
    const bits = (mask: Uint8Array) => ({ shape: [out, width], dtype: 'bits' as const, data: mask });
    // A layer in front whose slope is part of the input gradient, one behind by which columns differ.
    const around = { x: random(1, 9, batch), front: { ...random(2, width, 9), gradient: 'trainable' as const }, behind: random(3, 4, out) };
    type Around = { readonly [name in keyof typeof around]: Value };
    const closed = (tape: Tape, { x, front, behind }: Around, product: (h: Value) => Value): Record<string, Value | undefined> => {
      const h = tape.apply(linear, [x, front], { activation: 'tanh', bias: false });
      tape.loss('task', tape.apply(sum, [tape.apply(linear, [product(h), behind], { activation: 'tanh', bias: false })], {}));
      tape.backward();
      return { gradient: tape.gradientOf(front) };
    };
    await underScopes(gpu, async () => {
      const dense = openGraph(gpu, { ...around, forth: seen(masks.forth), back: seen(masks.back) }, (tape, values) =>
        closed(tape, values, (h) => tape.apply(linear, [h, values.forth, values.back], { activation: 'none', bias: false })));
      const want = await dense.run();
      dense.destroy();
      const size = { name: 'weight', out, in: width, first: 0 };
      const graph = openGraph(gpu, { ...around, weight, forth: bits(masks.forth), back: bits(masks.back) }, (tape, values) => {
        traceNmBackwardIndex(tape.trace, size, values.back, tape.trace.state('backward', 'u32', nmBackwardLength(size, { m, share })), { m, share });
        return closed(tape, values, (h) => tape.apply(nmLinear, [h, values.weight, values.forth], { activation: 'none', bias: false, index: '', first: 0, denseGradient: true, m, share: 1, expand: false, backward: 'backward', backwardShare: share }));
      });
      const most = Math.max(...graph.program.dispatches.map((d) => d.kernel.variants.length));
      for (let v = 0; v < most; v++) expect(await graph.run((d) => (v === 0 ? undefined : candidates(d.kernel, d.params, gpu.facts)[v - 1]))).toEqual(want);
      graph.destroy();
      expect((want.gradient as Numbers).some((g) => g !== 0)).toBe(true);
    });
  });
});
