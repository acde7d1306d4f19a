import { densityKnob, placementKnobs, scopeKnob } from '../knobs.ts';
import type { Method } from '../method.ts';
import { oneShotPlan } from '../plan.ts';

/** Magnitude pruning in one step: train dense, remove the small weights, go on with the rest. */
export const oneShot: Method = {
  card: {
    id: 'one-shot',
    title: 'One-shot magnitude pruning',
    paper: {
      title: 'Learning both Weights and Connections for Efficient Neural Networks',
      authors: 'Han, Pool, Tran, Dally',
      year: 2015,
      url: 'https://arxiv.org/abs/1506.02626',
    },
    idea: 'Train dense for a while, remove all but the largest weights at once, then train those that are left.',
    equations: [String.raw`m_i = \mathbb{1}\big[\,|w_i| \text{ among the } \mathrm{round}(d N) \text{ largest}\,\big]`],
    knobs: {
      density: densityKnob(0.05, true),
      pruneAt: {
        kind: 'number', min: 0, max: 1, default: 0.5,
        label: 'Prune at', help: 'When the weights are removed, as a share of the phase.',
      },
      scope: scopeKnob('global'),
      ...placementKnobs('uniform'),
    },
    fidelity: [
      'The paper sets a threshold for each layer from the spread of its weights; here the number of weights to keep is given and met exactly.',
      'The paper found repeated rounds of pruning and retraining better than one; this is a single round.',
    ],
    deviations: [],
  },
  plan: oneShotPlan,
  update: (moves) => moves.drop('magnitude'),
};
