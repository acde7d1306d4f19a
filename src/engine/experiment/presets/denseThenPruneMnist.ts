import { experimentFrom } from '../defaults.ts';
import { DIGITS_OPTIMIZER, SMALL_TWO_PHASES, type Preset } from './preset.ts';

/** Two phases: a dense network, then all but its largest weights removed at once and the rest trained further. */
export const denseThenPruneMnist: Preset = {
  id: 'dense-then-prune-mnist',
  title: 'Train dense, prune once, train on',
  sentence: 'Two phases: a dense network, then all but its largest weights removed at once and the rest trained further.',
  paper: {
    title: 'Learning both Weights and Connections for Efficient Neural Networks',
    url: 'https://arxiv.org/abs/1506.02626',
  },
  experiment: experimentFrom({
    preset: 'dense-then-prune-mnist',
    phases: [
      { steps: 1000, optimizer: DIGITS_OPTIMIZER, sparsity: { method: 'dense' } },
      // The mask of this phase never moves: it is what pruning on entry leaves.
      { steps: 1000, entry: 'prune', optimizerState: 'reset', optimizer: DIGITS_OPTIMIZER, sparsity: { method: 'random', density: 0.05, distribution: 'uniform' } },
    ],
    beside: { random: false, dense: true },
  }),
  metric: 'testAccuracy',
  recorded: { mean: 0.9379, sd: 0.0027, seeds: 5, steps: 2000 },
  small: {
    // At 5 % so narrow a network loses what it has learned, and how fast it recovers is luck: at 10 % the seeds agree.
    set: [...SMALL_TWO_PHASES, ['phases.1.sparsity.density', 0.1], ['evaluateEvery', 25]],
    recorded: { mean: 0.8835, sd: 0.0077, seeds: 5, steps: 300 },
  },
};
