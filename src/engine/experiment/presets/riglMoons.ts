import { experimentFrom } from '../defaults.ts';
import type { Preset } from './preset.ts';

/** Generated on the spot, nothing to download; too easy to tell methods apart, since all of them solve it. */
export const riglMoons: Preset = {
  id: 'rigl-moons',
  title: 'RigL on two moons',
  sentence: 'Generated on the spot, nothing to download; too easy to tell methods apart, since all of them solve it.',
  paper: {
    title: 'Rigging the Lottery: Making All Tickets Winners',
    url: 'https://arxiv.org/abs/1911.11134',
  },
  experiment: experimentFrom({
    preset: 'rigl-moons',
    data: { set: 'moons', batch: 64, noise: 0.1, samples: 1000 },
    model: { hidden: [32, 32] },
    phases: [{
      steps: 1000,
      optimizer: { name: 'sgd', rate: 0.1, momentum: 0.9, decay: 0 },
      sparsity: { method: 'rigl', density: 0.2, updatePeriod: 50 },
    }],
    beside: { random: true, dense: true },
  }),
  metric: 'testAccuracy',
  recorded: { mean: 0.9990, sd: 0.0006, seeds: 5, steps: 1000 },
  small: {
    set: [['steps', 300], ['evaluateEvery', 100], ['sparsity.updatePeriod', 15], ['beside.random', false], ['beside.dense', false]],
    recorded: { mean: 0.9984, sd: 0.0012, seeds: 5, steps: 300 },
  },
};
