import { describe, expect, it } from 'vitest';
import { PURPOSE, randomUniform } from '../random.ts';
import { dropout } from './dropout.ts';
import { sum } from './mean.ts';
import { expectClose, list, run, watched } from './run.testing.ts';
import type { Numbers } from './testing.ts';

describe('dropout', () => {
  const attributes = { rate: 0.4, seed: 5, layer: 2 };
  const n = 200;
  const graph = (step: number, training: boolean, layer = attributes.layer): Promise<Record<string, Numbers>> => run({ x: watched({ shape: [n], data: new Float32Array(n).fill(3) }) }, (tape, v) => {
    const y = tape.apply(dropout, [v.x], { ...attributes, layer });
    tape.loss('sum', tape.apply(sum, [y], {}));
    tape.backward();
    return { y, dx: tape.gradientOf(v.x) };
  }, { knobs: { step }, training });

  it('keeps what the counter generator says for its step, forward and backward alike', async () => {
    const { y, dx } = await graph(41, true);
    const seed = (attributes.seed + Math.imul(attributes.layer, 0x9e3779b9)) >>> 0;
    const kept = Array.from({ length: n }, (_, i) => randomUniform(seed, PURPOSE.dropout, 41, i) >= Math.fround(attributes.rate));
    expect(list(y).map((v) => v !== 0)).toEqual(kept);
    expect(list(dx).map((v) => v !== 0)).toEqual(kept);
    expectClose(y, Float32Array.from(kept, (k) => (k ? 5 : 0)));
    expectClose(dx, Float32Array.from(kept, (k) => (k ? 1 / 0.6 : 0)));
  });

  it('has another pattern in each step and each layer', async () => {
    const [a, b, c] = [await graph(1, true), await graph(2, true), await graph(1, true, 3)];
    expect(b.y).not.toEqual(a.y);
    expect(c.y).not.toEqual(a.y);
  });

  it('gives its input back while evaluating', async () => {
    const { y, dx } = await graph(1, false);
    expect(new Set(y)).toEqual(new Set([3]));
    expect(new Set(dx)).toEqual(new Set([1]));
  });
});
