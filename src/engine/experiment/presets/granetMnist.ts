import { experimentFrom } from '../defaults.ts';
import { DIGITS_OPTIMIZER, SMALL_DIGITS, type Preset } from './preset.ts';

/** From every second weight to one in a hundred: pruned on the way, and regrown where gradients say. */
export const granetMnist: Preset = {
  id: 'granet-mnist',
  title: 'GraNet on digits, 1 %',
  sentence: 'From every second weight to one in a hundred: pruned on the way, and regrown where gradients say.',
  paper: {
    title: 'Sparse Training via Boosting Pruning Plasticity with Neuroregeneration',
    url: 'https://arxiv.org/abs/2106.10404',
  },
  experiment: experimentFrom({
    preset: 'granet-mnist',
    phases: [{ steps: 2000, optimizer: DIGITS_OPTIMIZER, sparsity: { method: 'granet', density: 0.01, updatePeriod: 50 } }],
    beside: { random: true, dense: true },
  }),
  metric: 'testAccuracy',
  recorded: null,
  small: {
    set: [...SMALL_DIGITS, ['sparsity.updatePeriod', 15], ['sparsity.density', 0.05], ['evaluateEvery', 25]],
    recorded: null,
  },
};
