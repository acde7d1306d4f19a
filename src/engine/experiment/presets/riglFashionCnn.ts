import { experimentFrom } from '../defaults.ts';
import { DIGITS_OPTIMIZER, type Preset } from './preset.ts';

/** Filters grow where gradients ask for them: a convolutional network on garments with one weight in twenty. */
export const riglFashionCnn: Preset = {
  id: 'rigl-fashion-cnn',
  title: 'RigL on garments, convolutions, 5 %',
  sentence: 'Filters grow where gradients ask for them: a convolutional network that tells garments apart with one weight in twenty.',
  paper: {
    title: 'Rigging the Lottery: Making All Tickets Winners',
    url: 'https://arxiv.org/abs/1911.11134',
  },
  experiment: experimentFrom({
    preset: 'rigl-fashion-cnn',
    data: { set: 'fashion-mnist-10k', batch: 64 },
    model: { kind: 'cnn', channels: [16, 32, 64], norm: 'batch' },
    phases: [{ steps: 600, optimizer: DIGITS_OPTIMIZER, sparsity: { method: 'rigl', density: 0.05, updatePeriod: 50 } }],
    evaluateEvery: 100,
    beside: { random: true, dense: true },
  }),
  metric: 'testAccuracy',
  recorded: { mean: 0.8190, sd: 0.0056, seeds: 5, steps: 600 },
  small: {
    // Two narrow convolutions and a small batch; at 20 % its second layer keeps 58 of 288 weights.
    set: [['model.channels', '4-8'], ['data.batch', 32], ['steps', 200], ['sparsity.density', 0.2], ['sparsity.updatePeriod', 20], ['evaluateEvery', 50], ['beside.random', false], ['beside.dense', false]],
    recorded: { mean: 0.7576, sd: 0.0103, seeds: 5, steps: 200 },
  },
};
