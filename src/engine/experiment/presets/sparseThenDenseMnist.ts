import { experimentFrom } from '../defaults.ts';
import { DIGITS_OPTIMIZER, SMALL_TWO_PHASES, type Preset } from './preset.ts';

/** Two phases: a fixed random mask first, then the mask is lifted and every weight may move. */
export const sparseThenDenseMnist: Preset = {
  id: 'sparse-then-dense-mnist',
  title: 'Train sparse, then dense',
  sentence: 'Two phases: a fixed random mask first, then the mask is lifted and every weight may move.',
  paper: {
    title: 'DSD: Dense-Sparse-Dense Training for Deep Neural Networks',
    url: 'https://arxiv.org/abs/1607.04381',
  },
  experiment: experimentFrom({
    preset: 'sparse-then-dense-mnist',
    phases: [
      { steps: 1000, optimizer: DIGITS_OPTIMIZER, sparsity: { method: 'random', density: 0.05 } },
      { steps: 1000, entry: 'lift', optimizerState: 'reset', optimizer: DIGITS_OPTIMIZER, sparsity: { method: 'dense' } },
    ],
    beside: { random: false, dense: true },
  }),
  metric: 'testAccuracy',
  recorded: { mean: 0.9617, sd: 0.0022, seeds: 5, steps: 2000 },
  small: {
    set: SMALL_TWO_PHASES,
    recorded: { mean: 0.9028, sd: 0.0028, seeds: 5, steps: 300 },
  },
};
