import { onMoby } from './moby.ts';

/** Two of four along the inputs and along the outputs at once: one mask that both directions can use. */
export const transposableMoby = onMoby({
  id: 'transposable-moby',
  title: 'Transposable 2:4 on Moby Dick',
  sentence: 'Two of four along the inputs and along the outputs at once: one mask that both directions can use.',
  paper: { title: 'Accelerated Sparse Neural Training: A Provable and Efficient Method to Find N:M Transposable Masks', url: 'https://arxiv.org/abs/2102.08124' },
  sparsity: { method: 'ste', updatePeriod: 40 },
  masks: { n: 2, m: 4, axis: 'both' },
  small: { mean: 3.7824, sd: 0.0984, seeds: 5, steps: 150 },
});
