import { expect, it } from 'vitest';
import { setPath } from '../../engine/experiment/paths.ts';
import { findPreset, PRESETS } from '../../engine/experiment/presets/index.ts';
import { layerFacts, scheduleOf } from '../session/preview.ts';
import { layerPlan } from './layerPlan.ts';

const drawn = setPath(findPreset('rigl-mnist').experiment, 'sparsity.points', '0:1,0.25:0.5,0.5:0.7,0.75:0.05');

it.each([...Object.values(PRESETS).map(({ id, experiment }) => [id, experiment] as const), ['drawn', drawn] as const])('the plans of the layers of %s add up to that of all weights', (_, experiment) => {
  const all = layerFacts(experiment);
  const masked = all.filter(({ maskable }) => maskable);
  const { density, totalSteps } = scheduleOf(experiment, all);
  const plans = masked.map(({ name }) => layerPlan(experiment, all, name));
  const weights = masked.reduce((sum, layer) => sum + layer.in * layer.out, 0);
  const starts = experiment.phases.reduce<number[]>((steps, phase) => [...steps, steps.at(-1)! + phase.steps], [0]);
  for (const step of [0, 1, 100, 500, 777, 1999, totalSteps, ...starts, ...starts.map((start) => start + 1)].filter((one) => one <= totalSteps)) {
    const active = masked.reduce((sum, layer, l) => sum + plans[l]!(step) * layer.in * layer.out, 0);
    expect(active / weights).toBeCloseTo(density(step), 9);
  }
});

it('a layer that is kept dense stays whole', () => {
  const experiment = setPath(drawn, 'sparsity.denseLast', true);
  expect(layerPlan(experiment, layerFacts(experiment), 'fc2')(1500)).toBe(1);
});
