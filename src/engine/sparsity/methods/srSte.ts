import { readNumber } from '../knobs.ts';
import { MASTER_FIDELITY, masterKnobs, pullKnob } from '../masterKnobs.ts';
import { masterPlan } from '../masterPlan.ts';
import type { Method } from '../method.ts';

/** STE with a pull of the hidden weights to 0. */
export const srSte: Method = {
  card: {
    id: 'sr-ste',
    title: 'SR-STE: hidden weights are drawn to 0',
    paper: {
      title: 'Learning N:M Fine-grained Structured Sparse Neural Networks From Scratch',
      authors: 'Zhou, Ma, Zhu, Liu, Zhang, Yuan, Sun, Li',
      year: 2021,
      url: 'https://arxiv.org/abs/2102.04010',
    },
    idea: 'As with STE all weights train on the gradient of the masked copy, but those outside the mask are also drawn to 0, so that the mask settles.',
    equations: [
      String.raw`\tilde W = m \odot W`,
      String.raw`W \leftarrow W - \gamma \Big( \frac{\partial L}{\partial \tilde W} + \lambda_W\, (1 - m) \odot W \Big)`,
    ],
    knobs: { pull: pullKnob(2e-4), ...masterKnobs(0, 10) },
    fidelity: [MASTER_FIDELITY, 'The pull goes into the gradient before the optimizer, and before clipping, as in the authors\' code: under Adam its size is then rescaled like the gradient\'s.'],
    deviations: [],
  },
  plan: (context) => masterPlan(context, { outside: { gradient: 'through', pulls: 'gradient', pull: () => readNumber(context.knobs, 'pull') } }),
  update: (moves) => moves.choose('magnitude'),
};
