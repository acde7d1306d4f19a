import { expect, it } from 'vitest';
import { testDevice } from '../../node/testDevice.ts';
import { loadDataset } from '../data/index.ts';
import { createCommandPort } from './commands.ts';
import { experimentFrom, type PhaseParts } from './defaults.ts';
import { run } from './run.ts';

/** sha256 of parameters and masks after 60 steps. */
async function hashOf(sparsity: PhaseParts['sparsity']): Promise<string> {
  const experiment = experimentFrom({
    preset: 'rigl-moons', seed: 5, data: { set: 'moons', batch: 16, noise: 0.1, samples: 300 }, model: { hidden: [31, 20] }, beside: { random: false, dense: false },
    phases: [{ steps: 60, optimizer: { rate: 0.1, momentum: 0.9 }, sparsity }],
  });
  const dataset = await loadDataset(experiment.data, experiment.seed, () => Promise.reject(new Error('Generated data need no files.')));
  for await (const event of run({ gpu: await testDevice(), experiment, dataset, commands: createCommandPort(), tune: false })) if (event.type === 'finished') return event.hash;
  throw new Error('The run ended without a last word.');
}

const shared = { density: 0.2, updatePeriod: 5, distribution: 'uniform', scope: 'global' } as const;

it('GraNet that exchanges nothing is GMP, to the bit', async () => {
  const gmp = await hashOf({ method: 'gmp', ...shared, updateStart: 0, updateEnd: 0.5 });
  expect(await hashOf({ method: 'granet', ...shared, initialDensity: 1, updateEnd: 0.5, dropFraction: 0, dropFloor: 0 })).toBe(gmp);
  expect(await hashOf({ method: 'granet', ...shared, initialDensity: 1, updateEnd: 0.5 })).not.toBe(gmp);
});

it('GraNet without sparsity is dense training, to the bit', async () => {
  expect(await hashOf({ method: 'granet', ...shared, density: 1, initialDensity: 1 })).toBe(await hashOf({ method: 'dense' }));
});
