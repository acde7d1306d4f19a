import { describe, expect, it } from 'vitest';
import { testDevice } from '../../node/testDevice.ts';
import type { Value } from '../gpu/trace.ts';
import { relu } from './activation.ts';
import { add } from './add.ts';
import { applyMask } from './applyMask.ts';
import { linear } from './linear.ts';
import { mean, sum } from './mean.ts';
import { expectClose, ids, list, numbers, PLAIN, run, trained, watched } from './run.testing.ts';
import { softmaxCrossEntropy } from './softmaxCrossEntropy.ts';
import type { Tape } from './tape.ts';
import { openGraph } from './testing.ts';

describe('the weight of the input gradient', () => {
  it('may differ from the weight of the forward, with and without bias', async () => {
    for (const bias of [true, false]) {
      const given = { x: watched(numbers(1, 4, 3)), w: trained(numbers(2, 5, 4)), other: numbers(3, 5, 4), b: numbers(4, 5) };
      const graph = (own: boolean) => (tape: Tape, v: { readonly [name in keyof typeof given]: Value }): Record<string, Value | undefined> => {
        const y = tape.apply(linear, [v.x, v.w, ...(bias ? [v.b] : []), ...(own ? [v.other] : [])], { activation: 'relu', bias });
        tape.loss('sum', tape.apply(sum, [y], {}));
        tape.backward();
        return { y, dx: tape.gradientOf(v.x), dw: tape.gradientOf(v.w) };
      };
      const [plain, custom] = [await run(given, graph(false)), await run(given, graph(true))];
      expect(custom.y).toEqual(plain.y);
      expect(custom.dw).toEqual(plain.dw);
      expect(custom.dx).not.toEqual(plain.dx);
      const want = Float32Array.from({ length: 12 }, (_, at) => {
        let total = 0;
        for (let o = 0; o < 5; o++) if ((plain.y?.[o * 3 + (at % 3)] as number) > 0) total += given.other.data[o * 4 + Math.floor(at / 3)] as number;
        return total;
      });
      expectClose(custom.dx, want);
    }
  });

  it('sees a masked weight, while the dense weight learns straight through', async () => {
    const graph = (straightThrough: boolean) => (tape: Tape, v: { x: Value; w: Value; bits: Value }): Record<string, Value | undefined> => {
      const kept = tape.apply(applyMask, [v.w, v.bits], { straightThrough, rest: 0, knob: '' });
      tape.loss('sum', tape.apply(sum, [tape.apply(linear, [v.x, kept], PLAIN)], {}));
      tape.backward();
      return { dx: tape.gradientOf(v.x), dw: tape.gradientOf(v.w) };
    };
    const given = { x: watched({ shape: [2, 1], data: [3, 5] }), w: trained({ shape: [2, 2], data: [1, 2, 4, 8] }), bits: { shape: [2, 2], data: [1, 0, 1, 1], dtype: 'bits' as const } };
    const [masked, through] = [await run(given, graph(false)), await run(given, graph(true))];
    expect(list(masked.dx)).toEqual([5, 8]);
    expect(list(masked.dw)).toEqual([3, 0, 3, 5]);
    expect(list(through.dx)).toEqual([5, 8]);
    expect(list(through.dw)).toEqual([3, 5, 3, 5]);
  });
});

describe('a fused activation', () => {
  const given = { x: watched(numbers(1, 9, 5)), a: trained(numbers(2, 17, 9)), ab: trained(numbers(3, 17)), b: trained(numbers(4, 3, 17)), labels: ids(0, 1, 2, 1, 0) };
  type Values = { readonly [name in keyof typeof given]: Value };
  const model = (fused: boolean, look: boolean) => (tape: Tape, v: Values): Record<string, Value | undefined> => {
    const inner = tape.apply(linear, [v.x, v.a, v.ab], { activation: fused ? 'relu' : 'none', bias: true });
    const h = fused ? inner : tape.apply(relu, [inner], {});
    if (look) tape.watch(h);
    tape.loss('task', tape.apply(mean, [tape.apply(softmaxCrossEntropy, [tape.apply(linear, [h, v.b], PLAIN), v.labels], {})], {}));
    tape.backward();
    return { h, dx: tape.gradientOf(v.x), da: tape.gradientOf(v.a), dab: tape.gradientOf(v.ab), db: tape.gradientOf(v.b), ...(look ? { dh: tape.gradientOf(h) } : {}) };
  };

  it('used once rides on the next product, and gives the bits of a separate one', async () => {
    const graph = openGraph(await testDevice(), given, model(true, false));
    const labels = graph.program.dispatches.map((d) => d.label);
    const fused = await graph.run();
    graph.destroy();
    expect(labels.filter((label) => label.startsWith('slope of'))).toEqual([]);
    expect(fused).toEqual(await run(given, model(false, false)));
  });

  it('that is watched gives the gradient after the activation, like a separate one', async () => {
    const [fused, apart] = [await run(given, model(true, true)), await run(given, model(false, true))];
    expect(fused).toEqual(apart);
    // A slope already applied would show as a 0 wherever the unit is off.
    const off = list(fused.h).flatMap((v, i) => (v === 0 ? [fused.dh?.[i]] : []));
    expect(off.length).toBeGreaterThan(0);
    expect(off.every((d) => d !== 0)).toBe(true);
  });

  it('used twice takes its slope once, on the sum', async () => {
    const twice = (fused: boolean) => (tape: Tape, v: Values): Record<string, Value | undefined> => {
      const inner = tape.apply(linear, [v.x, v.a, v.ab], { activation: fused ? 'relu' : 'none', bias: true });
      const h = fused ? inner : tape.apply(relu, [inner], {});
      const [p, q] = [tape.apply(linear, [h, v.b], PLAIN), tape.apply(linear, [h, v.b], PLAIN)];
      tape.loss('task', tape.apply(mean, [tape.apply(softmaxCrossEntropy, [tape.apply(add, [p, q], {}), v.labels], {})], {}));
      tape.backward();
      return { dx: tape.gradientOf(v.x), da: tape.gradientOf(v.a), db: tape.gradientOf(v.b) };
    };
    expect(await run(given, twice(true))).toEqual(await run(given, twice(false)));
  });
});
