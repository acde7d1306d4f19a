import { experimentFrom } from '../defaults.ts';
import { DIGITS_OPTIMIZER, SMALL_DIGITS, type Preset } from './preset.ts';

/** RigL that drops and grows blocks of 16 x 16 weights: a shape that hardware likes, paid for in accuracy. */
export const riglBlockMnist: Preset = {
  id: 'rigl-block-mnist',
  title: 'RigL by blocks on digits, 10 %',
  sentence: 'Whole blocks of 16 x 16 weights leave and enter: a shape that hardware likes better than single weights.',
  paper: {
    title: 'Rigging the Lottery: Making All Tickets Winners',
    url: 'https://arxiv.org/abs/1911.11134',
  },
  experiment: experimentFrom({
    preset: 'rigl-block-mnist',
    model: { hidden: [512, 512] },
    masks: { granularity: 'block', blockSize: '16' },
    phases: [{ steps: 1000, optimizer: DIGITS_OPTIMIZER, sparsity: { method: 'rigl', density: 0.1, updatePeriod: 50 } }],
    beside: { random: true, dense: false },
  }),
  metric: 'testAccuracy',
  recorded: { mean: 0.9527, sd: 0.0036, seeds: 5, steps: 1000 },
  small: {
    set: [...SMALL_DIGITS, ['masks.blockSize', '8'], ['sparsity.updatePeriod', 15], ['sparsity.density', 0.2], ['evaluateEvery', 25]],
    recorded: { mean: 0.9082, sd: 0.0043, seeds: 5, steps: 300 },
  },
};
