import { describe, expect, it } from 'vitest';
import { createKnobLayout } from '../gpu/knobs.ts';
import { createTrace, type Trace, type Value } from '../gpu/trace.ts';
import { accumulate } from '../kernels/elementwise.ts';
import { relu } from './activation.ts';
import { add } from './add.ts';
import { applyMask } from './applyMask.ts';
import { argmax } from './argmax.ts';
import { embedding } from './embedding.ts';
import { linear } from './linear.ts';
import { mean, sum } from './mean.ts';
import { positiveBits } from './positiveBits.ts';
import { expectClose, ids, list, numbers, PLAIN, run, trained, watched } from './run.testing.ts';
import { softmaxCrossEntropy } from './softmaxCrossEntropy.ts';
import { squaredError } from './squaredError.ts';
import { createTape, type Tape } from './tape.ts';
import type { Given } from './testing.ts';

/** Labels of the dispatches that a graph records. */
function labelsOf(build: (tape: Tape, trace: Trace) => void): string[] {
  const trace = createTrace();
  build(createTape(trace, createKnobLayout(), true), trace);
  return trace.dispatches.map((d) => d.label);
}

describe('values', () => {
  it('of type f32, u32 and bitset flow through one graph', async () => {
    const got = await run({ table: { shape: [3, 2], data: [1, -2, -3, 4, 5, -6] }, ids: ids(2, 0, 2, 1) }, (tape, v) => {
      const rows = tape.apply(embedding, [v.table, v.ids], {});
      const bits = tape.apply(positiveBits, [rows], {});
      return { rows, bits, kept: tape.apply(applyMask, [rows, bits], { straightThrough: false, rest: 0, knob: '' }), best: tape.apply(argmax, [rows], {}) };
    });
    expect(list(got.rows)).toEqual([5, 1, 5, -3, -6, -2, -6, 4]);
    expect(list(got.bits)).toEqual([1, 1, 1, 0, 0, 0, 0, 1]);
    expect(list(got.kept)).toEqual([5, 1, 5, 0, 0, 0, 0, 4]);
    expect(list(got.best)).toEqual([0, 0, 0, 1]);
    expect(got.best).toBeInstanceOf(Uint32Array);
  });

  it('of a u32 operation feed another as ids', async () => {
    const got = await run({ logits: { shape: [3, 2], data: [0, 1, 2, 0, 1, 2] }, table: trained({ shape: [3, 1], data: [10, 20, 30] }) }, (tape, v) => {
      const rows = tape.apply(embedding, [v.table, tape.apply(argmax, [v.logits], {})], {});
      tape.loss('sum', tape.apply(sum, [rows], {}));
      tape.backward();
      return { rows, dtable: tape.gradientOf(v.table) };
    });
    expect(list(got.rows)).toEqual([20, 30]);
    expect(list(got.dtable)).toEqual([0, 1, 1]);
  });

  it('of a loss must be one number', () => {
    expect(() => labelsOf((tape, trace) => tape.loss('task', trace.transient('rows', 'f32', [3])))).toThrow('Loss term task must be one number, not [3].');
  });
});

describe('gradients stop', () => {
  it('at an operation that has none', async () => {
    const got = await run({ x: watched({ shape: [4], data: [1, -1, 2, -2] }), y: watched({ shape: [4], data: [5, 6, 7, 8] }) }, (tape, v) => {
      const bits = tape.apply(positiveBits, [v.x], {});
      tape.loss('sum', tape.apply(sum, [tape.apply(applyMask, [v.y, bits], { straightThrough: false, rest: 0, knob: '' })], {}));
      tape.backward();
      expect(tape.needsGradient(bits)).toBe(false);
      return { dx: tape.gradientOf(v.x), dy: tape.gradientOf(v.y) };
    });
    expect(got.dx).toBeUndefined();
    expect(list(got.dy)).toEqual([1, 0, 1, 0]);
  });

  it('at a detached value, in another shape too, and nowhere else', async () => {
    const got = await run({ x: watched({ shape: [2], data: [3, 4] }) }, (tape, v) => {
      const y = tape.apply(add, [v.x, v.x], {});
      const still = tape.trace.reshape(tape.detach(y), [2, 1]);
      const z = tape.apply(add, [tape.trace.reshape(y, [2, 1]), still], {});
      tape.loss('sum', tape.apply(sum, [z], {}));
      tape.backward();
      return { z, dx: tape.gradientOf(v.x) };
    });
    expect(list(got.z)).toEqual([12, 16]);
    expect(list(got.dx)).toEqual([2, 2]);
  });

  it('for frozen parameters, and no kernel computes them', () => {
    const parts = (trainWeight: boolean, trainBias: boolean, watch: boolean): string[] => labelsOf((tape, trace) => {
      const state = (name: string, ...shape: number[]): Value => trace.reshape(trace.state(name, 'f32', shape.reduce((a, b) => a * b, 1)), shape);
      const [x, w, b] = [state('x', 2, 3), state('w', 4, 2), state('b', 4)];
      if (watch) tape.watch(x);
      if (trainWeight) tape.trainable(w, state('dw', 4, 2));
      if (trainBias) tape.trainable(b, state('db', 4));
      tape.loss('sum', tape.apply(sum, [tape.apply(linear, [x, w, b], { activation: 'none', bias: true })], {}));
      tape.backward();
    }).filter((label) => label.includes('gradient w'));
    expect(parts(false, false, false)).toEqual([]);
    expect(parts(true, true, false)).toEqual(['weight gradient w']);
    expect(parts(false, false, true)).toEqual(['input gradient w']);
    expect(parts(true, false, true)).toEqual(['weight gradient w', 'input gradient w']);
    expect(parts(false, true, false)).toEqual(['weight gradient w']);
  });

  it('for a frozen weight, while its bias still learns', async () => {
    const got = await run({ x: numbers(1, 3, 5), w: numbers(2, 2, 3), b: trained(numbers(3, 2)) }, (tape, v) => {
      tape.loss('sum', tape.apply(sum, [tape.apply(linear, [v.x, v.w, v.b], { activation: 'none', bias: true })], {}));
      tape.backward();
      return { dw: tape.gradientOf(v.w), db: tape.gradientOf(v.b) };
    });
    expect(got.dw).toBeUndefined();
    expect(list(got.db)).toEqual([5, 5]);
  });
});

describe('gradients of a value used more than once', () => {
  it('are summed', async () => {
    const got = await run({ x: watched({ shape: [3], data: [1, -2, 3] }) }, (tape, v) => {
      const y = tape.apply(add, [v.x, tape.apply(relu, [v.x], {})], {});
      tape.loss('sum', tape.apply(sum, [tape.apply(add, [y, v.x], {})], {}));
      tape.backward();
      return { dx: tape.gradientOf(v.x) };
    });
    expect(list(got.dx)).toEqual([3, 2, 3]);
  });

  it('do not change the gradients of the values that they came from', async () => {
    const got = await run({ a: watched({ shape: [2], data: [1, 2] }), b: watched({ shape: [2], data: [3, 4] }), goal: { shape: [2, 1], data: [0, 0] } }, (tape, v) => {
      // In reverse, a first takes over the gradient of the sum, and then gets more from below.
      const early = tape.apply(add, [v.a, v.a], {});
      const total = tape.watch(tape.apply(add, [v.a, v.b], {}));
      const rows = tape.apply(squaredError, [tape.trace.reshape(total, [2, 1]), v.goal], {});
      tape.loss('task', tape.apply(sum, [rows], {}));
      tape.loss('early', tape.apply(sum, [early], {}), 10);
      tape.backward();
      return { dtotal: tape.gradientOf(total), da: tape.gradientOf(v.a), db: tape.gradientOf(v.b) };
    });
    expect(list(got.dtotal)).toEqual([4, 6]);
    expect(list(got.db)).toEqual([4, 6]);
    expect(list(got.da)).toEqual([24, 26]);
  });

  it('are summed for tied parameters, in the flat gradient', async () => {
    const graph = (tape: Tape, x: Value, first: Value, second: Value): void => {
      const h = tape.apply(linear, [x, first], PLAIN);
      tape.loss('mean', tape.apply(mean, [tape.apply(relu, [tape.apply(linear, [h, second], PLAIN)], {})], {}));
      tape.backward();
    };
    const [x, w] = [numbers(1, 5, 7), numbers(2, 5, 5)];
    const tied = await run({ x, w: trained(w) }, (tape, v) => {
      graph(tape, v.x, v.w, v.w);
      const dw = tape.gradientOf(v.w);
      expect(dw?.home).toEqual({ kind: 'state', buffer: 'gradient of w', offset: 0 });
      return { dw };
    });
    const apart = await run({ x, a: trained(w), b: trained(w) }, (tape, v) => {
      graph(tape, v.x, v.a, v.b);
      return { da: tape.gradientOf(v.a), db: tape.gradientOf(v.b) };
    });
    expectClose(tied.dw, Float32Array.from(apart.da ?? [], (d, i) => d + (apart.db?.[i] as number)));
  });
});

describe('the loss', () => {
  it('is a sum of named terms with weights and knobs, attached inside a model too', async () => {
    const given = { x: watched({ shape: [2, 1], data: [1, 2] }) };
    const got = async (early: number, late: number): Promise<number[]> => list((await run(given, (tape, v) => {
      // A layer attaches a term of its own, before the model goes on.
      const h = tape.apply(add, [v.x, v.x], {});
      tape.loss('activity', tape.apply(sum, [h], {}), 0.5, tape.knobs.at('early', 'f32'));
      const y = tape.apply(relu, [h], {});
      tape.loss('task', tape.apply(mean, [y], {}), 3, tape.knobs.at('late', 'f32'));
      tape.loss('constant', tape.apply(sum, [y], {}), 0.25);
      tape.backward();
      expect(tape.losses.map((term) => term.name)).toEqual(['activity', 'task', 'constant']);
      return { dx: tape.gradientOf(v.x) };
    }, { knobs: { early, late } })).dx);
    expect(await got(0, 0)).toEqual([0.5, 0.5]);
    expect(await got(1, 0)).toEqual([1.5, 1.5]);
    expect(await got(0, 2)).toEqual([6.5, 6.5]);
    expect(await got(4, 2)).toEqual([10.5, 10.5]);
  });

  it('may be the same value in two terms', async () => {
    const got = await run({ x: watched({ shape: [2], data: [1, 2] }) }, (tape, v) => {
      const total = tape.apply(sum, [v.x], {});
      tape.loss('a', total, 2);
      tape.loss('b', total, 3);
      tape.backward();
      return { dx: tape.gradientOf(v.x) };
    });
    expect(list(got.dx)).toEqual([5, 5]);
  });

  it('gives no gradient to what it does not depend on', async () => {
    const got = await run({ x: watched(numbers(1, 3)), y: watched(numbers(2, 3)) }, (tape, v) => {
      tape.apply(relu, [v.y], {});
      tape.loss('sum', tape.apply(sum, [v.x], {}));
      tape.backward();
      return { dx: tape.gradientOf(v.x), dy: tape.gradientOf(v.y) };
    });
    expect(list(got.dx)).toEqual([1, 1, 1]);
    expect(got.dy).toBeUndefined();
  });
});

describe('gradients with respect to inputs', () => {
  it('match differences of the loss', async () => {
    const x = numbers(1, 6, 4);
    const graph = (shift: number) => run({ x: watched({ shape: x.shape, data: Array.from(x.data, (v, i) => (i === 9 ? v + shift : v)) }), w: numbers(2, 3, 6), labels: ids(0, 2, 1, 1) }, (tape, v) => {
      const loss = tape.apply(mean, [tape.apply(softmaxCrossEntropy, [tape.apply(linear, [v.x, v.w], PLAIN), v.labels], {})], {});
      tape.loss('task', loss);
      tape.backward();
      return { loss, dx: tape.gradientOf(v.x) };
    });
    const [low, here, high] = [await graph(-0.01), await graph(0), await graph(0.01)];
    expect(here.dx?.[9]).toBeCloseTo(((high.loss?.[0] as number) - (low.loss?.[0] as number)) / 0.02, 4);
  });
});

describe('accumulated gradients of micro-batches', () => {
  it('are those of the full batch', async () => {
    const [features, batch, parts] = [7, 12, 3];
    const x = numbers(1, features, batch);
    const labels = Array.from({ length: batch }, (_, b) => b % 4);
    const w = trained(numbers(2, 4, features));
    const lossOf = (tape: Tape, input: Value, weight: Value, wanted: Value, share: number): void => {
      tape.loss('task', tape.apply(mean, [tape.apply(softmaxCrossEntropy, [tape.apply(linear, [input, weight], PLAIN), wanted], {})], {}), share);
      tape.backward();
    };
    const full = await run({ x, w, labels: ids(...labels) }, (tape, v) => {
      lossOf(tape, v.x, v.w, v.labels, 1);
      return { dw: tape.gradientOf(v.w) };
    });
    const size = batch / parts;
    const micro: Record<string, Given> = { w: { ...numbers(2, 4, features) } };
    for (let p = 0; p < parts; p++) {
      micro[`x${p}`] = { shape: [features, size], data: Array.from({ length: features * size }, (_, i) => x.data[Math.floor(i / size) * batch + p * size + (i % size)] as number) };
      micro[`labels${p}`] = ids(...labels.slice(p * size, (p + 1) * size));
    }
    const got = await run(micro, (tape, v) => {
      const total = tape.trace.state('total', 'f32', 4 * features);
      for (let p = 0; p < parts; p++) {
        const part = createTape(tape.trace, tape.knobs, true);
        part.trainable(v.w as Value, tape.trace.reshape(tape.trace.state('part', 'f32', 4 * features), [4, features]));
        lossOf(part, v[`x${p}`] as Value, v.w as Value, v[`labels${p}`] as Value, 1 / parts);
        tape.trace.dispatch(accumulate, { label: 'accumulate', params: { n: total.length, keep: p === 0 ? 0 : 1, scale: 1 }, bind: { x: part.gradientOf(v.w as Value) as Value, total } });
      }
      return { dw: total };
    });
    expectClose(got.dw, full.dw);
  });
});
