import { onMoby } from './moby.ts';

/** A dense network is pruned once, in the middle, and trained on. */
export const aspMoby = onMoby({
  id: 'asp-moby',
  title: 'ASP at 2:4 on Moby Dick',
  sentence: 'A dense network is pruned once, in the middle, and trained on.',
  paper: { title: 'Accelerating Sparse Deep Neural Networks', url: 'https://arxiv.org/abs/2104.08378' },
  sparsity: { method: 'asp' },
  masks: { n: 2, m: 4 },
  small: { mean: 3.7688, sd: 0.0858, seeds: 5, steps: 150 },
});
