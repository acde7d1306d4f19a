import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDevice } from '../node/testDevice.ts';
import { testGpu } from '../node/testGpu.ts';
import { compare, ownLosses, peerLosses, STEPS } from './compare.ts';
import { loadTfjs, offerGpu } from './nodeTfjs.ts';

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

it('tells losses that differ, stop early or are no numbers', () => {
  const same = Array.from({ length: STEPS }, (_, step) => 2 - step / STEPS);
  expect(compare(same, same)).toMatchObject({ largest: 0, agrees: true });
  expect(compare(same, same.with(7, (same[7] as number) + 0.002))).toMatchObject({ agrees: false });
  expect(compare(same, same.slice(1)).agrees).toBe(false);
  expect(compare(same, same.with(3, Number.NaN)).agrees).toBe(false);
});
