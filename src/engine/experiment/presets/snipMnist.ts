import { experimentFrom } from '../defaults.ts';
import { DIGITS_OPTIMIZER, SMALL_DIGITS, type Preset } from './preset.ts';

/** One batch is scored before training, and the mask it leaves is never changed: better than a random one of the same size. */
export const snipMnist: Preset = {
  id: 'snip-mnist',
  title: 'SNIP on digits, 5 %',
  sentence: 'One batch is scored before training, and the mask it leaves is never changed: better than a random one of the same size.',
  paper: {
    title: 'SNIP: Single-shot Network Pruning based on Connection Sensitivity',
    url: 'https://arxiv.org/abs/1810.02340',
  },
  experiment: experimentFrom({
    preset: 'snip-mnist',
    phases: [{ steps: 2000, optimizer: DIGITS_OPTIMIZER, sparsity: { method: 'snip', density: 0.05 } }],
    beside: { random: true, dense: true },
  }),
  metric: 'testAccuracy',
  recorded: { mean: 0.9375, sd: 0.0065, seeds: 5, steps: 2000 },
  small: {
    set: [...SMALL_DIGITS, ['evaluateEvery', 25]],
    recorded: { mean: 0.8529, sd: 0.0181, seeds: 5, steps: 300 },
  },
};
