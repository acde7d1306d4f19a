import { beforeAll, expect, it } from 'vitest';
import type { Gpu } from '../engine/gpu/device.ts';
import { PURPOSE, randomUniformArray } from '../engine/random.ts';
import { testDevice, underScopes } from '../node/testDevice.ts';
import { countCalls } from './count.ts';
import { measureRow } from './measure.ts';
import type { BenchHost } from './row.ts';
import { maskUpdate } from './rows/maskUpdate.ts';
import { matmul } from './rows/matmul.ts';
import { mlp } from './rows/mlp.ts';
import { nmProduct } from './rows/nmProduct.ts';
import { sparseStep } from './rows/sparseStep.ts';

let gpu: Gpu;
let host: BenchHost;
beforeAll(async () => {
  gpu = await testDevice();
  host = { gpu, peer: () => Promise.reject(new Error('There are no other libraries in this test.')), fetchBytes: () => Promise.reject(new Error('There are no data in this test.')) };
});

it('the product is that of its factors, which take turns', async () => {
  const size = 32;
  const product = await matmul(size).contenders[0]!.open(host);
  const [left, ...rights] = [0, 1, 2].map((stream) => randomUniformArray(1, PURPOSE.data, stream, size * size, -1, 1));
  for (const right of rights) {
    product.run(1);
    const got = await product.result!();
    const want = (row: number, column: number): number => Array.from({ length: size }, (_, k) => left![row * size + k]! * right[k * size + column]!).reduce((a, b) => a + b);
    for (const [row, column] of [[0, 0], [3, 31], [31, 7]] as const) expect(got[row * size + column]).toBeCloseTo(want(row, column), 4);
  }
  product.destroy();
});

it('a row is measured without a word of the device: spread, counts, variants, passes', async () => {
  for (const row of [matmul(32), maskUpdate(64), nmProduct(2, 4, 8, 64)]) {
    const { contenders } = await underScopes(gpu, () => measureRow(row, host, { rounds: 3, peers: false, calls: countCalls(), profile: true }));
    expect(contenders.map(({ name }) => name)).toEqual(row.contenders.filter(({ peer }) => !peer).map(({ name }) => name));
    for (const { wall, n, dispatches, submits, variants, passes } of contenders) {
      expect(wall.best).toBeGreaterThan(0);
      expect([n, submits, dispatches]).toEqual([3, 1, variants?.length]);
      expect([dispatches, null]).toContain(passes?.length ?? null);
    }
  }
});

it.each(['sgd', 'adam'] as const)('a step of the MLP with %s has the loss that other libraries have', async (optimizer) => {
  const untuned = await mlp(optimizer).contenders.find(({ name }) => name === 'untuned')!.open(host);
  const losses: number[] = [];
  for (let step = 0; step < 2; step++) {
    untuned.run(1);
    losses.push((await untuned.result!())[0]!);
  }
  expect(losses[0]).toBeCloseTo(2.635816, 4);
  expect(losses[1]).toBeGreaterThan(0);
  untuned.destroy();
});

it('a sparse step is timed with and without its mask update, beside the dense step', async () => {
  const { contenders } = await underScopes(gpu, () => measureRow(sparseStep('csr', 90, [64, 64]), host, { rounds: 3, peers: false, profile: true }));
  const [dense, csr] = contenders;
  expect([dense?.name, dense?.rare, csr?.name, csr?.rare?.period]).toEqual(['dense', null, 'csr', 100]);
  expect(csr?.rare?.wall.best).toBeGreaterThan(0);
  // Weights that are masked out do no useful work.
  expect(csr!.flops / dense!.flops).toBeCloseTo(0.1, 2);
  expect(csr?.passes?.some(({ label }) => label.startsWith('update step: ')) ?? true).toBe(true);
});
