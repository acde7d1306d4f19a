import { denseLayerKnobs, densityKnob } from '../knobs.ts';
import type { Method } from '../method.ts';
import { oneShotPlan } from '../plan.ts';

/** Train dense, prune once to the pattern, fine-tune. */
export const asp: Method = {
  card: {
    id: 'asp',
    title: 'ASP: prune once, then fine-tune',
    paper: {
      title: 'Accelerating Sparse Deep Neural Networks',
      authors: 'Mishra, Latorre, Pool, Stosic, Stosic, Venkatesh, Yu, Micikevicius',
      year: 2021,
      url: 'https://arxiv.org/abs/2104.08378',
    },
    idea: 'A dense network is trained, every group of M loses all but its N largest weights at once, and what is left is trained again for as long.',
    equations: [String.raw`m = \text{largest } N \text{ of every } M \text{ of } |W_{T/2}|, \quad W \leftarrow m \odot W`],
    knobs: {
      density: { ...densityKnob(0.5, false), where: { path: 'masks.granularity', is: ['weight', 'block', 'kernel', 'channel'] } },
      pruneAt: { kind: 'number', min: 0, max: 1, default: 0.5, label: 'Prune at', help: 'When the weights are removed, as a share of the phase.' },
      ...denseLayerKnobs,
    },
    fidelity: [
      'Both halves share one learning-rate schedule; the recipe trains the second with the schedule of the first, which two phases do.',
      'Of each group the N largest stay, which keeps the largest sum; input channels are not permuted first.',
    ],
    deviations: [],
  },
  plan: oneShotPlan,
  update: (moves) => moves.drop('magnitude'),
};
