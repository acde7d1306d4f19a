import { onMoby } from './moby.ts';

/** From 3:4 over 2:4 to 1:4 in equal stretches. */
export const sdgfMoby = onMoby({
  id: 'sdgf-moby',
  title: 'A stricter and stricter pattern on Moby Dick',
  sentence: 'From 3:4 over 2:4 to 1:4 in equal stretches.',
  paper: { title: 'Progressive Gradient Flow for Robust N:M Sparsity Training in Transformers', url: 'https://arxiv.org/abs/2402.04744' },
  sparsity: { method: 'sdgf' },
  small: { mean: 3.8782, sd: 0.0769, seeds: 5, steps: 150 },
});
