import { expect, it } from 'vitest';
import { testDevice } from '../../node/testDevice.ts';
import { loadDataset } from '../data/index.ts';
import { createCommandPort } from './commands.ts';
import { experimentFrom } from './defaults.ts';
import type { Inspection, RunEventBody } from './events.ts';
import { run } from './run.ts';

const RATE = 0.1;

/** What a run tells whose first two steps are looked at one by one, and which then goes on to its end. */
async function told({ method = 'rigl', format = 'masked' }: { method?: 'rigl' | 'snfs'; format?: 'masked' | 'csr' }): Promise<{ looks: { step: number; inspection: Inspection }[]; mask: Uint32Array }> {
  const experiment = experimentFrom({
    preset: 'rigl-moons', seed: 3, data: { set: 'moons', batch: 32, samples: 200 }, model: { hidden: [16, 16] }, beside: { random: false, dense: false },
    phases: [{ steps: 4, format, optimizer: { name: 'sgd', rate: RATE, momentum: 0, decay: 0, schedule: 'constant' }, sparsity: { method, density: 0.5, updatePeriod: 100, updateStart: 0.9, updateEnd: 1 } }],
  });
  const dataset = await loadDataset(experiment.data, experiment.seed, () => Promise.reject(new Error('Generated data need no files.')));
  const commands = createCommandPort();
  const events: RunEventBody[] = [];
  let pauses = 0;
  for await (const event of run({ gpu: await testDevice(), experiment, dataset, commands, tune: false, paused: true, saveAtEnd: true })) {
    events.push(event);
    if (event.type !== 'paused') continue;
    for (const what of ['weights', 'gradients'] as const) commands.send({ type: 'inspect', what, arm: 'main', layer: 'fc2' });
    commands.send({ type: pauses++ < 2 ? 'step' : 'resume' });
  }
  return {
    looks: events.flatMap((event) => (event.type === 'snapshot' ? [event] : [])),
    mask: events.flatMap((event) => (event.type === 'masks' ? [event.snapshot.mask] : []))[0]!,
  };
}

const valuesOf = (looks: readonly { step: number; inspection: Inspection }[], what: Inspection['what'], step: number): Float32Array =>
  looks.find((look) => look.step === step && look.inspection.what === what)!.inspection.values;

it('the gradient that is told is the one by which the newest step moved the weights', async () => {
  const { looks } = await told({});
  const [before, after, gradient] = [valuesOf(looks, 'weights', 0), valuesOf(looks, 'weights', 1), valuesOf(looks, 'gradients', 1)];
  const moved = [...before].flatMap((w, i) => (after[i] === w ? [] : [{ by: after[i]! - w, gradient: gradient[i]! }]));
  expect(moved.length).toBeGreaterThan(16);
  for (const { by, gradient: g } of moved) expect(by).toBeCloseTo(-RATE * g, 6);
});

it('there is none before the first step; afterwards it is of all weights where a layer is stored masked, and says so where it is not', async () => {
  const [masked, csr] = [await told({}), await told({ format: 'csr' })];
  expect(valuesOf(masked.looks, 'gradients', 0)).toHaveLength(0);
  const dense = ({ looks }: typeof masked): boolean[] => looks.flatMap(({ inspection }) => (inspection.what === 'gradients' ? [inspection.dense] : []));
  expect(new Set(dense(masked))).toEqual(new Set([true]));
  // Filters and the averages of a method that keeps them would be dense in any storage; matrices are not.
  expect(new Set(dense(csr))).toEqual(new Set([false]));
});

it('a method that grows by an average is told by its average', async () => {
  const { looks } = await told({ method: 'snfs', format: 'csr' });
  const found = looks.filter(({ step, inspection }) => step === 1 && inspection.what === 'gradients').map(({ inspection }) => inspection);
  expect(found[0]).toMatchObject({ average: true, dense: true });
  // A tenth of the first gradient, since the average starts at 0.
  const [before, after] = [valuesOf(looks, 'weights', 0), valuesOf(looks, 'weights', 1)];
  const at = [...before].findIndex((w, i) => after[i] !== w);
  expect(found[0]!.values[at]).toBeCloseTo((0.1 * (before[at]! - after[at]!)) / RATE, 6);
});

it('the end of a run is told by itself, layer by layer', async () => {
  const { looks } = await told({});
  expect(looks.filter(({ step }) => step === 4).map(({ inspection }) => ('layer' in inspection ? `${inspection.what} ${inspection.layer}` : ''))).toEqual(
    ['fc1', 'fc2', 'fc3'].flatMap((layer) => [`weights ${layer}`, `gradients ${layer}`]),
  );
});
