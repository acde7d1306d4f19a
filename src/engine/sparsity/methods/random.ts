import { densityKnob, placementKnobs } from '../knobs.ts';
import type { Method } from '../method.ts';
import { openingPlan, staticPlan } from '../plan.ts';


/** A random mask that never changes: the control that every sparse method has to beat. */
export const random: Method = {
  card: {
    id: 'random',
    title: 'Random mask (fixed)',
    paper: {
      title: 'The Unreasonable Effectiveness of Random Pruning: Return of the Most Naive Baseline for Sparse Training',
      authors: 'Liu, Chen, Chen, Shen, Mocanu, Wang, Pechenizkiy',
      year: 2022,
      url: 'https://arxiv.org/abs/2202.02643',
    },
    idea: 'Weights to keep are drawn at random before training, and the mask is never changed.',
    equations: [String.raw`|\{i \in l : m_i = 1\}| = \mathrm{round}(d_l N_l), \quad m \text{ drawn once}`],
    knobs: {
      density: densityKnob(0.05, false),
      ...placementKnobs('erk'),
      ratiosFrom: {
        kind: 'choice', options: ['distribution', 'snip'], default: 'distribution', advanced: true,
        label: 'Ratios from', help: 'Each layer has as many weights as the distribution says, or as SNIP would leave it.',
      },
    },
    fidelity: [
      'Each layer gets an exact number of weights; the authors\' code draws every weight on its own, so that its counts are right on average only.',
      'Weights are initialised as in the dense network, without rescaling to the smaller number of inputs.',
    ],
    deviations: [],
  },
  plan: (context) => context.knobs.ratiosFrom === 'snip'
    ? openingPlan(context, { gradient: 'loss', score: 'sensitivity', rounds: 1, scope: 'global', drawn: true })
    : staticPlan(context),
};
