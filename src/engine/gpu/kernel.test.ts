import { describe, expect, test } from 'vitest';
import { linearForward } from '../kernels/linear.ts';
import { candidates, fitsDevice, grid1d, grid2d, type Kernel, kernel, writes } from './kernel.ts';
import { createTrace } from './trace.ts';

/** The most workgroups that a dimension may have under WebGPU's default limits. */
const MOST = 65535;

/** A kernel of one tile of 8 by 8 a workgroup; the variant has tiles of 4 by 4. */
const tiles = kernel({
  name: 'test_tiles',
  bindings: [writes('y')],
  params: { columns: 'u32', rows: 'u32' },
  work: () => ({ flops: 0 }),
  variants: [{ name: 'base', grid: (p) => grid2d(p.columns, p.rows, 8, 8) }, { name: 'small', grid: (p) => grid2d(p.columns, p.rows, 4, 4) }],
});
const traceTiles = (columns: number, rows: number): void => {
  const trace = createTrace();
  trace.dispatch(tiles, { label: 'big', params: { columns, rows }, bind: { y: trace.transient('y', 'f32', [1]) } });
};

describe('a grid at the limit of a dimension', () => {
  test('is taken as it is; one workgroup more is refused while tracing, in either dimension', () => {
    expect(grid2d(8 * MOST, 8, 8, 8)).toEqual([MOST, 1, 1]);
    traceTiles(8 * MOST, 8 * MOST);
    expect(() => traceTiles(8 * MOST + 1, 8)).toThrow('Kernel test_tiles (big) needs 65536 x 1 x 1 workgroups; a dimension may have 65535. Make it smaller: {"columns":524281,"rows":8}.');
    expect(() => traceTiles(8, 8 * MOST + 1)).toThrow('needs 1 x 65536 x 1 workgroups');
  });

  test('leaves out variants whose smaller tiles would pass it', () => {
    const names = (columns: number): string[] => candidates(tiles as unknown as Kernel, { columns, rows: 1 }, { lanes: 0, software: true }).map((v) => v.name);
    expect([names(4 * MOST), names(4 * MOST + 1)]).toEqual([['small'], []]);
  });

  test('of one dimension is folded', () => {
    expect(grid1d(64 * MOST)).toEqual([MOST, 1, 1]);
    expect(grid1d(64 * MOST + 1)).toEqual([32768, 2, 1]);
    expect(fitsDevice(grid1d(0xffffffff))).toBe(true);
  });

  test('is further away than any batch of an experiment', () => {
    const params = { out_size: 4096, in_size: 4096, batch: 4096, activation: 0, has_bias: 1 };
    expect(linearForward.variants.every((variant) => fitsDevice(variant.grid(params)))).toBe(true);
  });
});
