import { densityKnob, exchangeKnobs, placementKnobs, pointsKnob, readFlag, windowKnobs } from '../knobs.ts';
import type { Method } from '../method.ts';
import { exchangePlan, redistributionPlan } from '../plan.ts';

/** Sparse momentum: growth by the average of the gradients that a missing weight would have got, and more of it in layers where averages are large. */
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
    idea: 'Train a sparse network; now and then drop its smallest weights and grow those missing ones whose gradients, averaged over many steps, are largest; layers whose averages are large grow more than others.',
    equations: [
      String.raw`a_t = \beta\, a_{t-1} + (1 - \beta)\, \nabla_w L`,
      String.raw`m \leftarrow m \setminus \text{smallest}_k |w| \;\cup\; \text{largest}_{g_l} |a_t|, \quad k = \lfloor r(t)\, n \rfloor`,
      String.raw`g_l = \frac{v_l}{\sum_j v_j} \sum_j k_j, \quad v_l = \frac{1}{n_l} \sum_{i \in m_l} |a_{t,i}|`,
    ],
    knobs: {
      density: densityKnob(0.05, true),
      points: pointsKnob(false),
      ...windowKnobs(0, 1, 100),
      ...exchangeKnobs({ dropFraction: 0.5, dropDecay: 'cosine', keepValueOnRegrow: false, skipGradientOnUpdate: false }),
      gradientDecay: {
        kind: 'number', min: 0, max: 0.999, default: 0.9, advanced: true,
        label: 'Decay of the average', help: 'Share of the average of gradients that stays from step to step; 0 is the last gradient alone, as in RigL.',
      },
      redistribute: {
        kind: 'flag', default: true, advanced: true,
        label: 'Redistribute', help: 'Layers share what all have dropped by the mean size of their averages; otherwise each grows what it dropped.',
      },
      ...placementKnobs('uniform'),
    },
    fidelity: [
      'The number of weights stays exactly as planned; the authors\' code keeps it roughly, corrects it later, and drops less in layers that are nearly dense and grow.',
      'What does not fit into a layer is shared among the others, again by their averages.',
      'The average is of the gradients of all weights, missing ones included, so every step computes a dense gradient: the format csr saves less than with other methods.',
      'The average is its own, whatever the optimizer; the authors\' code takes the momentum of the optimizer, divided by the root of the second moment for Adam.',
      'Updates come every so many steps; in the paper, after each epoch.',
    ],
    deviations: [
      { knob: 'redistribute', note: 'The code of RigL has a simplified form, in which each layer grows what it dropped.' },
      { knob: 'gradientDecay', note: 'The paper takes the momentum of the optimizer, .9.' },
      { knob: 'skipGradientOnUpdate', note: 'A step that updates masks also updates weights; in the code of RigL, only with this method and SET.' },
    ],
  },
  plan: (context) => (readFlag(context.knobs, 'redistribute', true) ? redistributionPlan : exchangePlan)(context),
  update(moves) {
    moves.drop('magnitude');
    moves.grow('momentum');
  },
};
