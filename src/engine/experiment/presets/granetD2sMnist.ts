import { experimentFrom } from '../defaults.ts';
import { DIGITS_OPTIMIZER, SMALL_DIGITS, type Preset } from './preset.ts';

/** The same method from a dense start: one knob apart from sparse to sparse. */
export const granetD2sMnist: Preset = {
  id: 'granet-d2s-mnist',
  title: 'GraNet on digits, dense to 1 %',
  sentence: 'The same method from a dense start: one knob apart from sparse to sparse.',
  paper: {
    title: 'Sparse Training via Boosting Pruning Plasticity with Neuroregeneration',
    url: 'https://arxiv.org/abs/2106.10404',
  },
  experiment: experimentFrom({
    preset: 'granet-d2s-mnist',
    phases: [{ steps: 2000, optimizer: DIGITS_OPTIMIZER, sparsity: { method: 'granet', density: 0.01, initialDensity: 1, updatePeriod: 50 } }],
    beside: { random: true, dense: true },
  }),
  metric: 'testAccuracy',
  recorded: null,
  small: {
    set: [...SMALL_DIGITS, ['sparsity.updatePeriod', 15], ['sparsity.density', 0.05], ['evaluateEvery', 25]],
    recorded: null,
  },
};
