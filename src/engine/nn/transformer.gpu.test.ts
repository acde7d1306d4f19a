import { beforeAll, describe, expect, it } from 'vitest';
import { testDevice, underScopes } from '../../node/testDevice.ts';
import type { Gpu } from '../gpu/device.ts';
import { sizeOf, type Value } from '../gpu/trace.ts';
import { mean } from '../ops/mean.ts';
import type { Attributes, Op } from '../ops/op.ts';
import { softmaxCrossEntropy } from '../ops/softmaxCrossEntropy.ts';
import type { Tape } from '../ops/tape.ts';
import { type Given, runGraph } from '../ops/testing.ts';
import { randomU32, randomUniform } from '../random.ts';
import { transformerForward } from './transformer.ts';
import { transformerConstants, transformerParams, type TransformerSpec } from './transformerLayers.ts';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await testDevice();
});

const SMALL: TransformerSpec = {
  kind: 'transformer', vocabulary: 7, context: 5, depth: 2, width: 8, heads: 2, feedForward: 12, activation: 'gelu', norm: 'layer', weights: 'f32',
  positions: 'learned', head: 'tied', dropout: 0, seed: 1, maskable: [],
};
const SEQUENCES = 3;
const dense = (): undefined => undefined;

/** Parameters large enough that every part of the network matters. */
function start(spec: TransformerSpec): Map<string, Given> {
  const params = transformerParams(spec).map(({ name, shape, init }, p): [string, Given] => {
    const [middle, reach] = init === 'ones' ? [1, 0.3] : [0, 0.5];
    return [name, { shape, gradient: 'trainable', data: Float32Array.from({ length: sizeOf(shape) }, (_, i) => middle + reach * (2 * randomUniform(4, 90, p, i) - 1)) }];
  });
  return new Map([...params, ...transformerConstants(spec).map(({ name, shape, values }): [string, Given] => [name, { shape, data: values() }])]);
}

/** The loss in float64: the same network, each operation by its reference. */
function lossByReference(spec: TransformerSpec, given: ReadonlyMap<string, Given>, ids: Uint32Array, labels: Uint32Array): number {
  const data = new Map<Value, Float64Array>();
  const value = (shape: readonly number[], numbers: ArrayLike<number>): Value => {
    const made = { shape, length: sizeOf(shape) } as Value;
    data.set(made, Float64Array.from(numbers));
    return made;
  };
  const apply = <A extends Attributes>(op: Op<A>, inputs: readonly Value[], attributes: A): Value => {
    const shapes = inputs.map((input) => input.shape);
    return value(op.infer(shapes, attributes).shape, op.reference(inputs.map((input) => data.get(input) as Float64Array), shapes, attributes));
  };
  const tape = { training: true, apply } as unknown as Tape;
  const params = new Map([...given].map(([name, { shape, data: numbers }]) => [name, value(shape, numbers)]));
  const logits = transformerForward(tape, spec, params, value([ids.length], ids), dense);
  const loss = apply(mean, [apply(softmaxCrossEntropy, [logits, value([labels.length], labels)], {})], {});
  return (data.get(loss) as Float64Array)[0] as number;
}

describe.each([
  ['learned positions, layer norm, GELU, a tied head', {}],
  ['rotary positions, RMS norm, SwiGLU, a head of its own', { positions: 'rotary', norm: 'rms', activation: 'swiglu', head: 'free' }],
  ['whole eights, ReLU, one head, no norm', { context: 8, heads: 1, depth: 1, activation: 'relu', norm: 'none' }],
] as const)('a transformer with %s', (_, change) => {
  const spec: TransformerSpec = { ...SMALL, ...change };
  const tokens = SEQUENCES * spec.context;
  const [ids, labels] = [1, 2].map((stream) => Uint32Array.from({ length: tokens }, (__, i) => randomU32(9, stream, 0, i) % spec.vocabulary)) as [Uint32Array, Uint32Array];

  it('has the loss and the gradients of its float64 reference', async () => {
    await underScopes(gpu, async () => {
      const given = start(spec);
      const all = { ...Object.fromEntries(given), ids: { shape: [tokens], data: ids, dtype: 'u32' as const }, labels: { shape: [tokens], data: labels, dtype: 'u32' as const } };
      const found = await runGraph(gpu, all, (tape, values) => {
        const rows = tape.apply(softmaxCrossEntropy, [transformerForward(tape, spec, new Map(Object.entries(values)), values.ids as Value, dense), values.labels as Value], {});
        const loss = tape.apply(mean, [rows], {});
        tape.loss('task', loss);
        tape.backward();
        return { loss, ...Object.fromEntries([...given].filter(([, { gradient }]) => gradient).map(([name]) => [`d ${name}`, tape.gradientOf((values as Record<string, Value>)[name] as Value)])) };
      });
      const want = lossByReference(spec, given, ids, labels);
      expect(Math.abs((found.loss?.[0] as number) - want)).toBeLessThan(1e-5 * want);
      for (const [p, [name, start]] of [...given].entries()) {
        if (!start.gradient) continue;
        // Along a random direction, by central differences.
        const direction = Float64Array.from({ length: start.data.length }, (__, i) => 2 * randomUniform(3, 91, p, i) - 1);
        const at = (h: number): number => lossByReference(spec, new Map([...given, [name, { ...start, data: direction.map((d, i) => (start.data[i] as number) + h * d) }]]), ids, labels);
        const slope = (at(1e-4) - at(-1e-4)) / 2e-4;
        const gradient = found[`d ${name}`] as Float32Array;
        const along = direction.reduce((sum, d, i) => sum + d * (gradient[i] as number), 0);
        const size = Math.sqrt(direction.reduce((sum, d, i) => sum + (d * (gradient[i] as number)) ** 2, 0));
        expect(Math.abs(along - slope), `${name}: ${along} for ${slope}`).toBeLessThan(2e-4 * size + 1e-6);
      }
    });
  });
});

it('sees no character behind the one it looks at', () => {
  const spec = { ...SMALL, activation: 'swiglu', positions: 'rotary' } as const;
  const given = start(spec);
  const ids = Uint32Array.of(1, 2, 3, 4, 5);
  const lossAt = (place: number, codes: Uint32Array): number => {
    // Only the label of one place is changed: the difference of two losses is that place's alone.
    const label = (code: number): Uint32Array => Uint32Array.from({ length: 5 }, (_, i) => (i === place ? code : 0));
    return lossByReference(spec, given, codes, label(1)) - lossByReference(spec, given, codes, label(2));
  };
  for (let place = 0; place < 5; place++) {
    const behind = ids.map((code, i) => (i > place ? (code + 1) % 7 : code));
    expect(lossAt(place, behind)).toBeCloseTo(lossAt(place, ids), 12);
    const before = ids.map((code, i) => (i === 0 ? 6 : code));
    expect(Math.abs(lossAt(place, before) - lossAt(place, ids))).toBeGreaterThan(1e-6);
  }
});
