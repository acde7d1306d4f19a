import { describe, expect, it } from 'vitest';
import { testDevice, underScopes } from '../../node/testDevice.ts';
import { candidates } from '../gpu/kernel.ts';
import { randomMaskBits } from '../sparsity/initialMask.ts';
import { unpackBits } from '../sparsity/bits.ts';
import { blockLinear } from './blockLinear.ts';
import { linear } from './linear.ts';
import { caseInputs, type Numbers, openCase } from './testing.ts';

const [OUT, IN, BATCH] = [53, 76, 20] as const;

/** Blocks that are in the mask, of `down` rows of `across`. */
type Chosen = (down: number, across: number) => readonly number[];

const atDensity = (density: number): Chosen => (down, across) => [...unpackBits(randomMaskBits(3, 0, down * across, Math.round(density * down * across)), down * across)];
const where = (has: (row: number, column: number, down: number) => boolean): Chosen => (down, across) => Array.from({ length: down * across }, (_, i) => (has(Math.floor(i / across), i % across, down) ? 1 : 0));

const MASKS: Readonly<Record<string, Chosen>> = {
  'density 0': atDensity(0), 'one block': where((row, column) => row === 1 && column === 1), 'density 0.05': atDensity(0.05), 'density 0.5': atDensity(0.5),
  'density 0.95': atDensity(0.95), 'density 1': atDensity(1),
  'empty rows and columns of blocks': where((row, column) => row % 2 === 1 && column % 2 === 0), 'one full row of blocks': where((row, _, down) => row === down - 1),
};

const weightsOf = (chosen: Chosen, side: number): Float64Array => {
  const [down, across] = [Math.ceil(OUT / side), Math.ceil(IN / side)];
  const blocks = chosen(down, across);
  return Float64Array.from({ length: OUT * IN }, (_, i) => blocks[Math.floor(Math.floor(i / IN) / side) * across + Math.floor((i % IN) / side)] ?? 0);
};

describe.each(Object.entries(MASKS))('products over blocks at %s', (_, chosen) => {
  it.each([4, 8, 16, 32])('have the bits of dense products of a masked weight, for blocks of %i and all variants', async (side) => {
    const gpu = await testDevice();
    const shapes = [[IN, BATCH], [OUT, IN], [OUT, IN], [OUT]];
    const [x, w, , b] = caseInputs({ name: '', shapes, attributes: {} }, side) as [Float64Array, Float64Array, Float64Array, Float64Array];
    const mask = weightsOf(chosen, side);
    const dy = Float32Array.from({ length: OUT * BATCH }, (_, i) => Math.sin(i));
    await underScopes(gpu, async () => {
      const settings = { activation: 'none', bias: true } as const;
      const dense = openCase(gpu, linear, { name: '', shapes: [shapes[0]!, shapes[1]!, shapes[3]!], attributes: settings }, [x, w.map((v, i) => v * mask[i]!), b], dy);
      const want = await dense.run();
      dense.destroy();
      const attributes = { ...settings, index: '', first: 0, denseGradient: false, rows: side, columns: side };
      const graph = openCase(gpu, blockLinear, { name: '', shapes, attributes, bits: [2] }, [x, w, mask, b], dy);
      const most = Math.max(...graph.program.dispatches.map((d) => d.kernel.variants.length));
      for (let v = 0; v < most; v++) {
        const got = await graph.run((d) => (v === 0 ? undefined : candidates(d.kernel, d.params, gpu.facts)[v - 1]));
        const dw = (want.d1 as Numbers).map((g, i) => (mask[i] === 0 ? 0 : g));
        expect([got.output, got.d0, got.d1, got.d3]).toEqual([want.output, want.d0, dw, want.d2]);
      }
      graph.destroy();
    });
  });
});
