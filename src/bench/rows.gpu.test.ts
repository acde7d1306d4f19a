import { beforeAll, expect, it } from 'vitest';
import type { Gpu } from '../engine/gpu/device.ts';
import { PURPOSE, randomUniformArray } from '../engine/random.ts';
import { testDevice, underScopes } from '../node/testDevice.ts';
import { testGpu } from '../node/testGpu.ts';
import { countCalls } from './count.ts';
import { measureRow } from './measure.ts';
import type { BenchHost } from './row.ts';
import { attention } from './rows/attention.ts';
import { bdwpStep } from './rows/bdwpStep.ts';
import { maskUpdate } from './rows/maskUpdate.ts';
import { matmul } from './rows/matmul.ts';
import { mlp } from './rows/mlp.ts';
import { nmProduct } from './rows/nmProduct.ts';
import { sparseStep } from './rows/sparseStep.ts';
import { transformer } from './rows/transformer.ts';
import { loadTfjs, offerGpu } from '../peers/nodeTfjs.ts';

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
  for (const row of [matmul(32), maskUpdate(64), nmProduct(2, 4, 8, 64), attention({ sequences: 1, heads: 2, context: 8, width: 4 })]) {
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

it('a BDWP step is timed with the choice of its masks, its products counted by what they keep', async () => {
  const { contenders } = await underScopes(gpu, () => measureRow(bdwpStep(64, 2), host, { rounds: 3, peers: false }));
  const [dense, nm] = contenders;
  expect([dense?.rare, nm?.rare?.period]).toEqual([null, 10]);
  expect(nm?.variants?.filter((name) => name.startsWith('nm_forward/'))).toHaveLength(3);
  expect(nm!.flops / dense!.flops).toBeLessThan(0.5);
});

it('attention and a transformer compute what other libraries do, or their rows would stop', async () => {
  const gpuOfNode = await testGpu();
  const takeBack = offerGpu(gpuOfNode);
  const beside: BenchHost = { ...host, peer: async (name) => (name === 'tfjs' ? (await loadTfjs()).tfjsLibrary(gpuOfNode) : (await import('../peers/jax.ts')).jaxLibrary) };
  const whole = transformer({ depth: 1, width: 8, heads: 2, feedForward: 12, context: 8, batch: 3 });
  const untuned = { ...whole, baseline: 'untuned', contenders: whole.contenders.filter(({ name }) => name !== 'sparseland') };
  for (const [row, others] of [[attention({ sequences: 2, heads: 2, context: 9, width: 4 }), ['tfjs', 'jax']], [untuned, ['tfjs']]] as const) {
    const { contenders } = await measureRow(row, beside, { rounds: 3, peers: true });
    expect(contenders.flatMap(({ peer }) => peer ?? [])).toEqual(others);
  }
  takeBack();
});
