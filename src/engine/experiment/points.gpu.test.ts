import { expect, it } from 'vitest';
import { testDevice } from '../../node/testDevice.ts';
import { loadDataset } from '../data/index.ts';
import { popcount } from '../sparsity/measure.ts';
import { createCommandPort } from './commands.ts';
import { experimentFrom, type PhaseParts } from './defaults.ts';
import { run } from './run.ts';

const STEPS = 60;

/** Active weights of the main network after each completed step at which masks were told, and whether they are what the plan says. */
async function activeOf(sparsity: PhaseParts['sparsity']): Promise<{ active: Map<number, number>; planned: boolean; bits: number; weights: number }> {
  const experiment = experimentFrom({
    preset: 'rigl-moons', seed: 5, data: { set: 'moons', batch: 16, noise: 0.1, samples: 300 }, model: { hidden: [31, 20] }, beside: { random: false, dense: false },
    phases: [{ steps: STEPS, optimizer: { rate: 0.1, momentum: 0.9 }, sparsity }],
  });
  const dataset = await loadDataset(experiment.data, experiment.seed, () => Promise.reject(new Error('Generated data need no files.')));
  const active = new Map<number, number>();
  let planned = true;
  let bits = 0;
  let weights = 0;
  for await (const event of run({ gpu: await testDevice(), experiment, dataset, commands: createCommandPort(), tune: false })) {
    if (event.type === 'started') weights = event.layers.reduce((sum, layer) => sum + layer.in * layer.out, 0);
    if (event.type === 'masks') bits = popcount(event.snapshot.mask);
    if (event.type !== 'metrics') continue;
    for (const { table, step, columns } of event.rows) {
      if (table !== 'mask') continue;
      step.forEach((at, i) => active.set(at, columns.active?.[i] ?? Number.NaN));
      planned &&= step.every((_, i) => columns.planned?.[i] === columns.density?.[i]);
    }
  }
  return { active, planned, bits, weights };
}

/** Densities at completed steps 1, 11, 21 and so on: updates at 0, 10, 20. */
const FALLING = '0:0.9,0.5:0.3,0.75:0.1';
const drawn = (step: number): number => (step < 30 ? 0.9 - 0.02 * step : step < 45 ? 0.3 - (0.2 * (step - 30)) / 15 : 0.1);

it.each([
  ['gmp', { scope: 'layer' }], ['gmp', { scope: 'global' }], ['granet', { scope: 'global' }], ['granet', { scope: 'layer' }], ['rigl', {}], ['set', {}], ['snfs', {}],
] as const)('%s with %j has the counts of its points after each update, on the device', async (method, more) => {
  const { active, planned, bits, weights } = await activeOf({ method, points: FALLING, density: 0.1, updatePeriod: 10, distribution: 'uniform', ...more });
  expect(planned).toBe(true);
  for (const step of [0, 10, 20, 30, 40, 50]) expect([step, Math.abs(active.get(step + 1)! - drawn(step) * weights) <= 0.5 + 1e-6]).toEqual([step, true]);
  expect(bits).toBe(Math.round(0.1 * weights));
});

it.each(['rigl', 'set', 'snfs'] as const)('%s grows back where its points rise', async (method) => {
  const { active, planned, bits, weights } = await activeOf({ method, points: '0:0.1,0.5:0.1,0.8:0.6', density: 0.6, updatePeriod: 6, distribution: 'uniform', updateEnd: 0.5 });
  expect(planned).toBe(true);
  expect([active.get(31), bits]).toEqual([0.1, 0.6].map((density) => Math.round(density * weights)));
  expect(Math.abs(active.get(43)! - (0.1 + (0.5 * 12) / 18) * weights)).toBeLessThanOrEqual(0.5 + 1e-6);
});
