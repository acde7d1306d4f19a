import { onGarments } from './garments.ts';

/** A pattern forward and another one back: half of the products of a dense step. */
export const bdwpFashion = onGarments({
  id: 'bdwp-fashion',
  title: 'BDWP at 2:8 on garments',
  sentence: 'A pattern forward and another one back: half of the products of a dense step.',
  paper: { title: 'Efficient N:M Sparse DNN Training Using Algorithm, Architecture, and Dataflow Co-Design', url: 'https://arxiv.org/abs/2309.13015' },
  sparsity: { method: 'bdwp' },
  masks: { n: 2, m: 8 },
  recorded: null,
  small: { mean: 0.8029, sd: 0.0066, seeds: 5, steps: 200 },
});
