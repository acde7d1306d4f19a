import { onMoby } from './moby.ts';

/** Hidden weights fade instead of vanishing: turn beta by hand while it trains. */
export const mdgfMoby = onMoby({
  id: 'mdgf-moby',
  title: 'Fading weights at 1:4 on Moby Dick',
  sentence: 'Hidden weights fade instead of vanishing: turn beta by hand while it trains.',
  paper: { title: 'Progressive Gradient Flow for Robust N:M Sparsity Training in Transformers', url: 'https://arxiv.org/abs/2402.04744' },
  sparsity: { method: 'mdgf', eta: 0.003 },
  small: { mean: 3.8386, sd: 0.0687, seeds: 5, steps: 150 },
});
