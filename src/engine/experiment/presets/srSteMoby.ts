import { onMoby } from './moby.ts';

/** As STE, but hidden weights are drawn to 0, so that the masks settle. */
export const srSteMoby = onMoby({
  id: 'sr-ste-moby',
  title: 'SR-STE at 1:4 on Moby Dick',
  sentence: 'As STE, but hidden weights are drawn to 0, so that the masks settle.',
  paper: { title: 'Learning N:M Fine-grained Structured Sparse Neural Networks From Scratch', url: 'https://arxiv.org/abs/2102.04010' },
  sparsity: { method: 'sr-ste' },
  small: { mean: 4.0635, sd: 0.1748, seeds: 5, steps: 150 },
});
