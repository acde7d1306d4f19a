import { onMoby } from './moby.ts';

/** The pull on hidden weights grows from nothing: explore first, settle later. */
export const astMoby = onMoby({
  id: 'ast-moby',
  title: 'AST at 2:4 on Moby Dick',
  sentence: 'The pull on hidden weights grows from nothing: explore first, settle later.',
  paper: { title: 'Pruning Large Language Models with Semi-Structural Adaptive Sparse Training', url: 'https://arxiv.org/abs/2407.20584' },
  sparsity: { method: 'ast', pull: 0.001 },
  masks: { n: 2, m: 4 },
  small: { mean: 3.9255, sd: 0.1297, seeds: 5, steps: 150 },
});
