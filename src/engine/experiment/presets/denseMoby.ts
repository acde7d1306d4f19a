import { onMoby } from './moby.ts';

/** A small transformer learns to write like Melville, character by character: the reference of the sparse ones. */
export const denseMoby = onMoby({
  id: 'dense-moby',
  title: 'Dense on Moby Dick',
  sentence: 'A small transformer learns to write like Melville, character by character: the reference of the sparse ones.',
  sparsity: { method: 'dense' },
  masks: { granularity: 'weight' }, beside: { random: false, dense: false },
  small: { mean: 3.7637, sd: 0.0853, seeds: 5, steps: 150 },
});
