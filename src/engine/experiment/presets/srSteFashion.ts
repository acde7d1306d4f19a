import { onGarments } from './garments.ts';

/** One weight of sixteen is seen, chosen anew in every step; the hidden ones are drawn to 0. */
export const srSteFashion = onGarments({
  id: 'sr-ste-fashion',
  title: 'SR-STE at 1:16 on garments',
  sentence: 'One weight of sixteen is seen, chosen anew in every step; the hidden ones are drawn to 0.',
  paper: { title: 'Learning N:M Fine-grained Structured Sparse Neural Networks From Scratch', url: 'https://arxiv.org/abs/2102.04010' },
  sparsity: { method: 'sr-ste' },
  masks: { n: 1, m: 16 },
  recorded: null,
  small: { mean: 0.7949, sd: 0.0087, seeds: 5, steps: 200 },
});
