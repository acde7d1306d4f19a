import type { Claim, ClaimArm } from './claim.ts';
import { FASHION_SETTING, fashionExperiment } from './fashion.ts';

const WIDTHS = [32, 64, 128, 256, 512] as const;
const DENSITY = 0.05;

const arms = WIDTHS.flatMap((width): ClaimArm[] => [
  { id: `random-${width}`, title: `random mask, width ${width}`, experiment: fashionExperiment('random-mnist', [width, width], { method: 'random', density: DENSITY, distribution: 'erk' }) },
  { id: `dense-${width}`, title: `dense, width ${width}`, experiment: fashionExperiment('dense-mnist', [width, width], { method: 'dense' }) },
]);

/** The gap of a fixed random mask to the dense network of the same width closes as the width grows. */
export const randomPruning: Claim = {
  id: 'random-pruning',
  title: 'Random pruning: wider networks lose less',
  sentence: 'The accuracy that a fixed random mask costs, against the dense network of the same width, shrinks as the network gets wider.',
  paper: {
    title: 'The Unreasonable Effectiveness of Random Pruning: Return of the Most Naive Baseline for Sparse Training',
    authors: 'Liu, Chen, Chen, Shen, Mocanu, Wang, Pechenizkiy',
    year: 2022,
    url: 'https://arxiv.org/abs/2202.02643',
  },
  arms,
  metric: 'accuracy',
  parts: [{
    title: '5 % density, ERK',
    comparison: {
      kind: 'trend',
      quantity: 'gap closed from width 32 to 512, along a line over log2 of the width',
      points: WIDTHS.map((width) => ({ x: Math.log2(width), arm: `random-${width}`, against: `dense-${width}` })),
    },
    // Where the narrowest random network loses nothing, there is no gap that could close.
    check: { dense: 'dense-32', target: 0.75, control: 'random-32' },
  }],
  delta: 0.005,
  margin: 0.01,
  seeds: 5,
  setting: `${FASHION_SETTING}, MLP of two equal hidden layers`,
  tuning: 'Equal settings, not tuned.',
};
