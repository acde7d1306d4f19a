import { onMoby } from './moby.ts';

/**
 * A small transformer learns to write like Melville, character by character: the reference of the sparse ones. Seed 1 is at
 * 3.76 bits per character after 100 of its steps, at 3.13 after 300 and at 2.82 after 500, and then writes, at temperature
 * 0.7: "but as be ings this and niden the when it hat everschersong to showere sell creast of into a ma".
 */
export const denseMoby = onMoby({
  id: 'dense-moby',
  title: 'Dense on Moby Dick',
  sentence: 'A small transformer learns to write like Melville, character by character: the reference of the sparse ones.',
  sparsity: { method: 'dense' },
  masks: { granularity: 'weight' }, beside: { random: false, dense: false },
  small: { mean: 3.7637, sd: 0.0853, seeds: 5, steps: 150 },
});
