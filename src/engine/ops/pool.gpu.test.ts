import { describe, expect, it } from 'vitest';
import type { Value } from '../gpu/trace.ts';
import { sum } from './mean.ts';
import { maxPool } from './pool.ts';
import { list, run, watched } from './run.testing.ts';
import type { Tape } from './tape.ts';

describe('max pooling', () => {
  const graph = (tape: Tape, v: { x: Value }): Record<string, Value | undefined> => {
    const y = tape.apply(maxPool, [v.x], { height: 2, width: 3 });
    tape.loss('sum', tape.apply(sum, [y], {}));
    tape.backward();
    return { y, dx: tape.gradientOf(v.x) };
  };

  it('gives ties to the first, and nothing to what no window holds', async () => {
    const { y, dx } = await run({ x: watched({ shape: [6, 2], data: [1, 0, 3, 5, 9, 9, 3, 5, 3, 5, 9, 9] }) }, graph);
    expect(list(y)).toEqual([3, 5]);
    expect(list(dx)).toEqual([0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('lets a NaN among numbers through, wherever it stands', async () => {
    for (const place of [0, 1, 3, 4]) {
      const { y } = await run({ x: watched({ shape: [6, 1], data: [0, 1, 2, 3, 4, 5].map((v, i) => (i === place ? Number.NaN : v)) }) }, graph);
      expect(y?.[0]).toBeNaN();
    }
  });
});
