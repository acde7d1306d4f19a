import { onMoby } from './moby.ts';

/** A pattern for the way forward and another for the way back: two of three products grow sparse. */
export const bdwpMoby = onMoby({
  id: 'bdwp-moby',
  title: 'BDWP at 2:8 on Moby Dick',
  sentence: 'A pattern for the way forward and another for the way back: two of three products grow sparse.',
  paper: { title: 'Efficient N:M Sparse DNN Training Using Algorithm, Architecture, and Dataflow Co-Design', url: 'https://arxiv.org/abs/2309.13015' },
  sparsity: { method: 'bdwp' },
  masks: { n: 2, m: 8 },
  small: { mean: 4.2685, sd: 0.1457, seeds: 5, steps: 150 },
});
