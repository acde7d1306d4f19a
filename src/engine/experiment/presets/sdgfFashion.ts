import { onGarments } from './garments.ts';

/** The pattern grows stricter in five equal stretches. */
export const sdgfFashion = onGarments({
  id: 'sdgf-fashion',
  title: 'From 15:16 to 1:16 on garments',
  sentence: 'The pattern grows stricter in five equal stretches.',
  paper: { title: 'Progressive Gradient Flow for Robust N:M Sparsity Training in Transformers', url: 'https://arxiv.org/abs/2402.04744' },
  sparsity: { method: 'sdgf' },
  masks: { n: 1, m: 16 },
  recorded: null,
  small: { mean: 0.7916, sd: 0.0056, seeds: 5, steps: 200 },
});
