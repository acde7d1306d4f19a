import { experimentFrom } from '../defaults.ts';
import { DIGITS_OPTIMIZER, SMALL_DIGITS, type Preset } from './preset.ts';

/** The network that the sparse ones are measured against: every weight trained. */
export const denseMnist: Preset = {
  id: 'dense-mnist',
  title: 'Dense digits',
  sentence: 'The network that the sparse ones are measured against: every weight trained.',
  experiment: experimentFrom({
    preset: 'dense-mnist',
    phases: [{ steps: 2000, optimizer: DIGITS_OPTIMIZER, sparsity: { method: 'dense' } }],
    beside: { random: false, dense: false },
  }),
  metric: 'testAccuracy',
  recorded: { mean: 0.9606, sd: 0.0007, seeds: 5, steps: 2000 },
  small: {
    set: SMALL_DIGITS,
    recorded: { mean: 0.9187, sd: 0.0011, seeds: 5, steps: 300 },
  },
};
