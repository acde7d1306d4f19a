import { experimentFrom } from '../defaults.ts';
import { DIGITS_OPTIMIZER, SMALL_DIGITS, type Preset } from './preset.ts';

/** Gradual magnitude pruning leaves 5 % of the weights of a digit classifier, beside a random mask of the same size and the dense twin. */
export const helloMnist: Preset = {
  id: 'hello-mnist',
  title: 'Hello, sparse digits',
  sentence: 'Gradual magnitude pruning leaves 5 % of the weights of a digit classifier, beside a random mask of the same size and the dense twin.',
  paper: {
    title: 'To prune, or not to prune: exploring the efficacy of pruning for model compression',
    url: 'https://arxiv.org/abs/1710.01878',
  },
  experiment: experimentFrom({
    preset: 'hello-mnist',
    phases: [{
      steps: 2000,
      optimizer: DIGITS_OPTIMIZER,
      sparsity: { method: 'gmp', density: 0.05, initialDensity: 1, curve: 'polynomial', power: 3 },
    }],
    beside: { random: true, dense: true },
  }),
  metric: 'testAccuracy',
  recorded: { mean: 0.9435, sd: 0.0021, seeds: 5, steps: 2000 },
  small: {
    set: [...SMALL_DIGITS, ['sparsity.updatePeriod', 10]],
    recorded: { mean: 0.8218, sd: 0.0167, seeds: 5, steps: 300 },
  },
};
