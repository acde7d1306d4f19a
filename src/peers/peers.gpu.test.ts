import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDevice } from '../node/testDevice.ts';
import { testGpu } from '../node/testGpu.ts';
import { compare, lossesOf, ownLosses, peerLosses, STEPS, TOLERANCE, type Work } from './compare.ts';
import { loadTfjs, offerGpu } from './nodeTfjs.ts';
import { denseExperiment, peerCnnStart, syntheticData } from './same.ts';

let takeBack = (): void => {};
beforeAll(async () => {
  takeBack = offerGpu(await testGpu());
});
afterAll(() => takeBack());

it('has the losses of TensorFlow.js over 20 steps of a 64-wide MLP', async () => {
  const { tfjsLibrary } = await loadTfjs();
  const gpu = await testGpu();
  const { own, peer, largest, agrees } = compare(await ownLosses(await testDevice()), await peerLosses((start) => tfjsLibrary(gpu).openMlp(start)));
  expect(own).toHaveLength(STEPS);
  // The network learns on the way, so that equal losses mean equal gradients, not a network at rest.
  expect((own[0] as number) - (own[STEPS - 1] as number)).toBeGreaterThan(0.3);
  expect(agrees, `largest difference ${largest}; own ${own.join(' ')}; TensorFlow.js ${peer.join(' ')}`).toBe(true);
});

it.each(['sgd', 'adam'] as const)('has the losses of TensorFlow.js and jax-js over steps of a convolutional network with %s', async (optimizer) => {
  const [steps, batch] = [6, 16];
  const dense = denseExperiment({ hidden: [], batch, steps, optimizer, rate: optimizer === 'sgd' ? 0.1 : 0.01, seed: 5 });
  // Two channels of 7 x 6 points: the odd row is left out by pooling.
  const dataset = { ...syntheticData({ features: 84, classes: 5, count: steps * batch, seed: 5 }), image: { width: 6, height: 7 } };
  const work: Work = { experiment: { ...dense, model: { ...dense.model, kind: 'cnn', channels: [4, 8], norm: 'batch' } }, dataset };
  const own = await ownLosses(await testDevice(), work);
  const start = peerCnnStart(work.experiment, dataset);
  const tfjs = await lossesOf(await (await loadTfjs()).tfjsLibrary(await testGpu()).openCnn(start), work);
  const jax = await lossesOf(await (await import('./jax.ts')).jaxLibrary.openCnn(start), work);
  expect(own).toHaveLength(steps);
  expect((own[0] as number) - (own.at(-1) as number)).toBeGreaterThan(0.05);
  for (const peer of [tfjs, jax]) {
    const largest = Math.max(...own.map((loss, step) => Math.abs(loss - (peer[step] ?? Number.NaN))));
    expect(largest, `own ${own.join(' ')}; peer ${peer.join(' ')}`).toBeLessThan(TOLERANCE);
  }
});

it('tells losses that differ, stop early or are no numbers', () => {
  const same = Array.from({ length: STEPS }, (_, step) => 2 - step / STEPS);
  expect(compare(same, same)).toMatchObject({ largest: 0, agrees: true });
  expect(compare(same, same.with(7, (same[7] as number) + 0.002))).toMatchObject({ agrees: false });
  expect(compare(same, same.slice(1)).agrees).toBe(false);
  expect(compare(same, same.with(3, Number.NaN)).agrees).toBe(false);
});
