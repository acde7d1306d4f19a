import { MASTER_FIDELITY, masterKnobs } from '../masterKnobs.ts';
import { masterPlan } from '../masterPlan.ts';
import type { Method } from '../method.ts';

/** A dense master trained by the gradients of its masked copy. */
export const ste: Method = {
  card: {
    id: 'ste',
    title: 'STE: a masked copy of dense weights',
    paper: {
      title: 'Estimating or Propagating Gradients Through Stochastic Neurons for Conditional Computation',
      authors: 'Bengio, Leonard, Courville',
      year: 2013,
      url: 'https://arxiv.org/abs/1308.3432',
    },
    idea: 'Every pass sees only the largest weights, yet all weights train: the gradient of the masked copy goes straight through to the dense master, so that hidden weights can come back.',
    equations: [
      String.raw`\tilde W = m \odot W, \quad m = \text{largest } N \text{ of every } M \text{ of } |W|`,
      String.raw`W \leftarrow W - \gamma\, \frac{\partial L}{\partial \tilde W}`,
    ],
    knobs: masterKnobs(0, 10),
    fidelity: [MASTER_FIDELITY, 'The first step of the sparse part still sees the mask before it.', 'Evaluations, panels and exported weights see the masked copy.'],
    deviations: [],
  },
  plan: (context) => masterPlan(context, { outside: { gradient: 'through', pull: () => 0 } }),
  update: (moves) => moves.choose('magnitude'),
};
