import { experimentFrom, type PhaseParts } from '../defaults.ts';
import { DIGITS_OPTIMIZER, type Preset } from './preset.ts';

/** A round at a density: what the one before has trained is pruned to it, and the rest begins anew. */
const round = (density: number): PhaseParts => ({
  steps: 500, entry: density === 1 ? 'keep' : 'prune-rewind', optimizerState: 'reset', optimizer: DIGITS_OPTIMIZER, sparsity: { method: 'imp', density },
});

/** Five rounds of training, pruning and rewinding: the ticket of the last learns from the same start as a random subnetwork, and gets further. */
export const lotteryMnist: Preset = {
  id: 'lottery-mnist',
  title: 'A lottery ticket on digits, 5 %',
  sentence: 'Five rounds of training, pruning and rewinding: the ticket of the last learns from the same start as a random subnetwork, and gets further.',
  paper: {
    title: 'The Lottery Ticket Hypothesis: Finding Sparse, Trainable Neural Networks',
    url: 'https://arxiv.org/abs/1803.03635',
  },
  experiment: experimentFrom({
    preset: 'lottery-mnist',
    phases: [1, 0.5, 0.25, 0.1, 0.05].map(round),
    beside: { random: true, dense: true },
  }),
  metric: 'testAccuracy',
  recorded: { mean: 0.9385, sd: 0.0041, seeds: 5, steps: 2500 },
  small: {
    set: [
      ['model.hidden', '32'], ['phases', 3], ['phases.0.steps', 100], ['phases.1.steps', 100], ['phases.2.steps', 100], ['evaluateEvery', 25],
      ['phases.2.sparsity.density', 0.1], ['beside.random', false], ['beside.dense', false],
    ],
    recorded: { mean: 0.8754, sd: 0.0203, seeds: 5, steps: 300 },
  },
};
