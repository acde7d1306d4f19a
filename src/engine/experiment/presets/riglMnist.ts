import { experimentFrom } from '../defaults.ts';
import { DIGITS_OPTIMIZER, SMALL_DIGITS, type Preset } from './preset.ts';

/** One weight in a hundred is enough when gradients say where to grow: far above a fixed mask of the same size. */
export const riglMnist: Preset = {
  id: 'rigl-mnist',
  title: 'RigL on digits, 1 %',
  sentence: 'One weight in a hundred is enough when gradients say where to grow: far above a fixed mask of the same size.',
  paper: {
    title: 'Rigging the Lottery: Making All Tickets Winners',
    url: 'https://arxiv.org/abs/1911.11134',
  },
  experiment: experimentFrom({
    preset: 'rigl-mnist',
    phases: [{ steps: 2000, optimizer: DIGITS_OPTIMIZER, sparsity: { method: 'rigl', density: 0.01, updatePeriod: 50 } }],
    beside: { random: true, dense: true },
  }),
  metric: 'testAccuracy',
  recorded: { mean: 0.8965, sd: 0.007, seeds: 5, steps: 2000 },
  small: {
    // One weight in a hundred of so narrow a network is 250, of which luck decides too much: at 5 % the seeds agree.
    set: [...SMALL_DIGITS, ['sparsity.updatePeriod', 15], ['sparsity.density', 0.05], ['evaluateEvery', 25]],
    recorded: { mean: 0.8590, sd: 0.0095, seeds: 5, steps: 300 },
  },
};
