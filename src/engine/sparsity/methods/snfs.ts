import { densityKnob, exchangeKnobs, placementKnobs, windowKnobs } from '../knobs.ts';
import type { Method } from '../method.ts';
import { exchangePlan } from '../plan.ts';

/** Sparse momentum: RigL with another grow score, the average of the gradients that a missing weight would have got. */
export const snfs: Method = {
  card: {
    id: 'snfs',
    title: 'SNFS: sparse momentum',
    paper: {
      title: 'Sparse Networks from Scratch: Faster Training without Losing Performance',
      authors: 'Dettmers, Zettlemoyer',
      year: 2019,
      url: 'https://arxiv.org/abs/1907.04840',
    },
    idea: 'Train a sparse network; now and then drop its smallest weights and grow those missing ones whose gradients, averaged over many steps, are largest.',
    equations: [
      String.raw`a_t = \beta\, a_{t-1} + (1 - \beta)\, \nabla_w L`,
      String.raw`m \leftarrow m \setminus \text{smallest}_k |w| \;\cup\; \text{largest}_k |a_t|, \quad k = \lfloor r(t)\, n \rfloor`,
    ],
    knobs: {
      density: densityKnob(0.05, true),
      ...windowKnobs(0, 1, 100),
      ...exchangeKnobs({ dropFraction: 0.5, dropDecay: 'cosine', keepValueOnRegrow: false, skipGradientOnUpdate: false }),
      gradientDecay: {
        kind: 'number', min: 0, max: 0.999, default: 0.9, advanced: true,
        label: 'Decay of the average', help: 'Share of the average of gradients that stays from step to step; 0 is the last gradient alone, as in RigL.',
      },
      ...placementKnobs('erk'),
    },
    fidelity: [
      'Each layer grows as many weights as it drops. The paper shares growth among layers by the mean momentum of their weights, which keeps the number of weights only roughly; this is the simplified form of the code of RigL.',
      'The average is of the gradients of all weights, missing ones included, so every step computes a dense gradient: the format csr saves less than with other methods.',
      'The average is its own, whatever the optimizer; the authors\' code takes the momentum of the optimizer, divided by the root of the second moment for Adam.',
      'Updates come every so many steps; in the paper, after each epoch.',
    ],
    deviations: [
      { knob: 'distribution', note: 'The paper starts with the same density in all layers, and lets the redistribution move it.' },
      { knob: 'gradientDecay', note: 'The paper takes the momentum of the optimizer, .9.' },
      { knob: 'skipGradientOnUpdate', note: 'A step that updates masks also updates weights; in the code of RigL, only with this method and SET.' },
    ],
  },
  plan: exchangePlan,
  update(moves) {
    moves.drop('magnitude');
    moves.grow('momentum');
  },
};
