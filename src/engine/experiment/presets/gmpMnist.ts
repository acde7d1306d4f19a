import { experimentFrom } from '../defaults.ts';
import { DIGITS_OPTIMIZER, SMALL_DIGITS, type Preset } from './preset.ts';

/** Gradual magnitude pruning alone, for measurements: the method of the first page without its controls. */
export const gmpMnist: Preset = {
  id: 'gmp-mnist',
  title: 'GMP on digits, 5 %',
  sentence: 'Gradual magnitude pruning alone, for measurements: the method of the first page without its controls.',
  paper: {
    title: 'To prune, or not to prune: exploring the efficacy of pruning for model compression',
    url: 'https://arxiv.org/abs/1710.01878',
  },
  experiment: experimentFrom({
    preset: 'gmp-mnist',
    phases: [{ steps: 2000, optimizer: DIGITS_OPTIMIZER, sparsity: { method: 'gmp', density: 0.05 } }],
    beside: { random: false, dense: false },
  }),
  metric: 'testAccuracy',
  recorded: { mean: 0.9435, sd: 0.0021, seeds: 5, steps: 2000 },
  small: {
    set: [...SMALL_DIGITS, ['sparsity.updatePeriod', 10]],
    recorded: { mean: 0.8218, sd: 0.0167, seeds: 5, steps: 300 },
  },
};
