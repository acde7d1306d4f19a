import { afterAll, beforeAll, expect, it } from 'vitest';
import { createCommandPort } from '../engine/experiment/commands.ts';
import { run } from '../engine/experiment/run.ts';
import { testDevice } from '../node/testDevice.ts';
import { testGpu } from '../node/testGpu.ts';
import { loadTfjs, offerGpu } from './nodeTfjs.ts';
import { batchOf, denseExperiment, peerStart, syntheticData } from './same.ts';

const STEPS = 20;
const BATCH = 32;
const experiment = denseExperiment({ hidden: [64, 64], batch: BATCH, steps: STEPS, rate: 0.3, seed: 3 });
const dataset = syntheticData({ features: 48, classes: 10, count: STEPS * BATCH, seed: 3 });

let takeBack = (): void => {};
beforeAll(async () => {
  takeBack = offerGpu(await testGpu());
});
afterAll(() => takeBack());

async function ours(): Promise<number[]> {
  const losses: number[] = [];
  for await (const event of run({ gpu: await testDevice(), experiment, dataset, commands: createCommandPort(), tune: false })) {
    if (event.type !== 'metrics') continue;
    for (const row of event.rows) if (row.table === 'train') losses.push(...(row.columns.loss ?? []));
  }
  return losses;
}

async function theirs(): Promise<number[]> {
  const { tfjsLibrary } = await loadTfjs();
  const peer = await tfjsLibrary(await testGpu()).openMlp(peerStart(experiment, dataset));
  const losses: number[] = [];
  for (let step = 0; step < STEPS; step++) {
    peer.setBatches([batchOf(dataset, step * BATCH, BATCH)]);
    peer.step();
    losses.push(await peer.loss());
  }
  peer.destroy();
  return losses;
}

it('has the losses of TensorFlow.js over 20 steps of a 64-wide MLP', async () => {
  const [own, peer] = [await ours(), await theirs()];
  expect(own).toHaveLength(STEPS);
  // The network learns on the way, so that equal losses mean equal gradients, not a network at rest.
  expect((own[0] as number) - (own[STEPS - 1] as number)).toBeGreaterThan(0.3);
  own.forEach((loss, step) => expect(Math.abs(loss - (peer[step] as number)), `step ${step + 1}: ${loss}, TensorFlow.js ${peer[step]}`).toBeLessThan(1e-3));
});
