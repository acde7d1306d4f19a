import { describe, expect, it } from 'vitest';
import type { Value } from '../gpu/trace.ts';
import { batchNorm, traceRunning } from './batchNorm.ts';
import { linear } from './linear.ts';
import { sum } from './mean.ts';
import { list, numbers, PLAIN, run, trained } from './run.testing.ts';
import type { Tape } from './tape.ts';

const NO_STEP = 0xffffffff;
const CHANNELS = 2;
// Channel 0 holds 1, 2, 3, 6 over two positions and two examples: mean 3, variance 3.5, of a sample 14 / 3.
const X = { shape: [4, 2], data: [1, 2, 3, 6, 5, 5, 5, 5] };

const update = (badStep: number): Promise<Record<string, ArrayLike<number>>> => run({
  x: X, gain: numbers(1, CHANNELS), shift: numbers(2, CHANNELS), running: { shape: [2, CHANNELS], data: [0, 0, 1, 1] }, status: { shape: [4], dtype: 'u32', data: [badStep, NO_STEP, 0, 0] },
}, (tape: Tape, v: { readonly [name in 'x' | 'gain' | 'shift' | 'running' | 'status']: Value }) => {
  tape.apply(batchNorm, [v.x, v.gain, v.shift], { epsilon: 1e-5, activation: 'none' });
  const call = tape.calls.at(-1);
  if (call) traceRunning(tape.trace, call, v.running, v.status);
  return { running: v.running };
});

describe('running statistics', () => {
  it('move a tenth of the way to the mean and sample variance of a batch', async () => {
    const { running } = await update(NO_STEP);
    [0.3, 0.5, 0.9 + 1.4 / 3, 0.9].forEach((want, i) => expect(running?.[i]).toBeCloseTo(want, 6));
  });

  it('stay as they are once a step has diverged', async () => {
    expect(Array.from((await update(7)).running ?? [])).toEqual([0, 0, 1, 1]);
  });
});

describe('batch norm', () => {
  it('gives every channel mean 0 and variance 1', async () => {
    const given = { x: X, gain: { shape: [2], data: [1, 1] }, shift: { shape: [2], data: [0, 0] } };
    const { y } = await run(given, (tape, v) => ({ y: tape.apply(batchNorm, [v.x, v.gain, v.shift], { epsilon: 0, activation: 'none' }) }));
    const sd = Math.sqrt(3.5);
    [-2 / sd, -1 / sd, 0, 3 / sd].forEach((want, i) => expect(y?.[i]).toBeCloseTo(want, 5));
  });

  it('lets a linear layer behind it take its slope along', async () => {
    const given = { x: numbers(1, 6, 9), gain: trained(numbers(2, 3)), shift: trained(numbers(3, 3)), w: numbers(4, 5, 6) };
    const graph = (fused: boolean) => (tape: Tape, v: { readonly [name in keyof typeof given]: Value }): Record<string, Value | undefined> => {
      const h = tape.apply(batchNorm, [v.x, v.gain, v.shift], { epsilon: 1e-5, activation: 'relu' });
      tape.loss('sum', tape.apply(sum, [tape.apply(linear, [fused ? h : tape.watch(h), v.w], PLAIN)], {}));
      tape.backward();
      return { dgain: tape.gradientOf(v.gain), dshift: tape.gradientOf(v.shift) };
    };
    const [fused, apart] = [await run(given, graph(true)), await run(given, graph(false))];
    expect(list(fused.dgain)).toEqual(list(apart.dgain));
    expect(list(fused.dshift)).toEqual(list(apart.dshift));
  });

  it('refuses channels that do not divide the rows', () => {
    expect(() => batchNorm.infer([[7, 2], [3], [3]], { epsilon: 1e-5, activation: 'none' })).toThrow(/no whole number of rows/);
  });
});
