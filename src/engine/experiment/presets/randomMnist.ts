import { experimentFrom } from '../defaults.ts';
import { DIGITS_OPTIMIZER, SMALL_DIGITS, type Preset } from './preset.ts';

/** A mask drawn once and never changed: the control that a sparse method has to beat. */
export const randomMnist: Preset = {
  id: 'random-mnist',
  title: 'Random mask on digits, 5 %',
  sentence: 'A mask drawn once and never changed: the control that a sparse method has to beat.',
  paper: {
    title: 'The Unreasonable Effectiveness of Random Pruning: Return of the Most Naive Baseline for Sparse Training',
    url: 'https://arxiv.org/abs/2202.02643',
  },
  experiment: experimentFrom({
    preset: 'random-mnist',
    phases: [{ steps: 2000, optimizer: DIGITS_OPTIMIZER, sparsity: { method: 'random', density: 0.05 } }],
    beside: { random: false, dense: true },
  }),
  metric: 'testAccuracy',
  recorded: { mean: 0.9288, sd: 0.0025, seeds: 5, steps: 2000 },
  small: {
    set: SMALL_DIGITS,
    recorded: { mean: 0.7979, sd: 0.0091, seeds: 5, steps: 300 },
  },
};
