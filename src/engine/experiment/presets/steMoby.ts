import { onMoby } from './moby.ts';

/** Every pass sees the largest of four weights, and all four go on training. */
export const steMoby = onMoby({
  id: 'ste-moby',
  title: 'STE at 1:4 on Moby Dick',
  sentence: 'Every pass sees the largest of four weights, and all four go on training.',
  paper: { title: 'Estimating or Propagating Gradients Through Stochastic Neurons for Conditional Computation', url: 'https://arxiv.org/abs/1308.3432' },
  sparsity: { method: 'ste' },
  small: { mean: 4.0289, sd: 0.1807, seeds: 5, steps: 150 },
});
