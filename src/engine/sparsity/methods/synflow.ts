import { densityKnob, placementKnobs, readNumber, scopeKnob } from '../knobs.ts';
import type { Method } from '../method.ts';
import { openingPlan } from '../plan.ts';

/** SynFlow: a mask found without any data, in many small rounds, so that no layer is cut through. */
export const synflow: Method = {
  card: {
    id: 'synflow',
    title: 'SynFlow: iterative synaptic flow',
    paper: {
      title: 'Pruning neural networks without any data by iteratively conserving synaptic flow',
      authors: 'Tanaka, Kunin, Yamins, Ganguli',
      year: 2020,
      url: 'https://arxiv.org/abs/2006.05467',
    },
    idea: 'Before training and without data, remove in many small rounds the weights through which the least flows from inputs to outputs, so that no layer is ever cut through.',
    equations: [
      String.raw`R = \mathbf{1}^{\top} \Big(\prod_{l=1}^{L} |W_l|\Big) \mathbf{1}, \qquad s_i = \left|\, w_i \, \frac{\partial R}{\partial w_i} \right|`,
      String.raw`d_k = d^{\,k / n}, \qquad k = 1, \dots, n`,
    ],
    knobs: {
      density: densityKnob(0.05, false),
      rounds: {
        kind: 'integer', min: 1, max: 1000, default: 100, log: true, advanced: true,
        label: 'Rounds', help: 'How often the rest is scored anew while it is pruned; with one round layers may vanish.',
      },
      scope: scopeKnob('global'),
      ...placementKnobs('erk'),
    },
    fidelity: [
      'Scores are those of the paper: absolute weights, inputs of 1, neither biases nor activations; norms are left out as well, and pooling takes means.',
      'Each round removes for good; the authors\' code scores removed weights again, which always gives 0.',
    ],
    deviations: [],
  },
  plan: (context) => openingPlan(context, { gradient: 'flow', score: 'sensitivity', rounds: readNumber(context.knobs, 'rounds') }),
};
