import { onGarments } from './garments.ts';

/** Fifteen of sixteen weights fade until they are hidden for good. */
export const mdgfFashion = onGarments({
  id: 'mdgf-fashion',
  title: 'Fading weights at 1:16 on garments',
  sentence: 'Fifteen of sixteen weights fade until they are hidden for good.',
  paper: { title: 'Progressive Gradient Flow for Robust N:M Sparsity Training in Transformers', url: 'https://arxiv.org/abs/2402.04744' },
  sparsity: { method: 'mdgf', eta: 0.01 },
  masks: { n: 1, m: 16 },
  recorded: null,
  small: { mean: 0.7789, sd: 0.0051, seeds: 5, steps: 200 },
});
