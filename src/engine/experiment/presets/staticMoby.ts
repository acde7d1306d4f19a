import { onMoby } from './moby.ts';

/** One weight in four, drawn once and never changed: what the others must beat. */
export const staticMoby = onMoby({
  id: 'static-moby',
  title: 'Fixed 1:4 mask on Moby Dick',
  sentence: 'One weight in four, drawn once and never changed: what the others must beat.',
  sparsity: { method: 'random', density: 0.25 },
  small: { mean: 3.6972, sd: 0.0693, seeds: 5, steps: 150 },
});
