import { experimentFrom } from '../defaults.ts';
import { DIGITS_OPTIMIZER, SMALL_DIGITS, type Preset } from './preset.ts';

/** Sparse from the first step: the smallest weights are dropped and as many are grown at random. */
export const setMnist: Preset = {
  id: 'set-mnist',
  title: 'SET on digits, 5 %',
  sentence: 'Sparse from the first step: the smallest weights are dropped and as many are grown at random.',
  paper: {
    title: 'Scalable training of artificial neural networks with adaptive sparse connectivity inspired by network science',
    url: 'https://doi.org/10.1038/s41467-018-04316-3',
  },
  experiment: experimentFrom({
    preset: 'set-mnist',
    phases: [{ steps: 2000, optimizer: DIGITS_OPTIMIZER, sparsity: { method: 'set', density: 0.05, updatePeriod: 50 } }],
    beside: { random: true, dense: true },
  }),
  metric: 'testAccuracy',
  recorded: { mean: 0.9404, sd: 0.0043, seeds: 5, steps: 2000 },
  small: {
    set: [...SMALL_DIGITS, ['sparsity.updatePeriod', 15]],
    recorded: { mean: 0.8334, sd: 0.0119, seeds: 5, steps: 300 },
  },
};
