import { densityKnob, exchangeKnobs, placementKnobs, pointsKnob, windowKnobs } from '../knobs.ts';
import type { Method } from '../method.ts';
import { exchangePlan } from '../plan.ts';

/** Sparse evolutionary training: drop the smallest weights, grow random ones. */
export const set: Method = {
  card: {
    id: 'set',
    title: 'SET: sparse evolutionary training',
    paper: {
      title: 'Scalable training of artificial neural networks with adaptive sparse connectivity inspired by network science',
      authors: 'Mocanu, Mocanu, Stone, Nguyen, Gibescu, Liotta',
      year: 2018,
      url: 'https://doi.org/10.1038/s41467-018-04316-3',
    },
    idea: 'Train a sparse network; now and then drop its smallest weights and grow as many new ones at random.',
    equations: [
      String.raw`p(m_{ij} = 1) = \frac{\varepsilon\,(n^{l} + n^{l-1})}{n^{l}\, n^{l-1}}`,
      String.raw`m \leftarrow m \setminus \text{smallest}_k |w| \;\cup\; \text{random}_k, \quad k = \lfloor \zeta\, n \rfloor`,
    ],
    knobs: {
      density: densityKnob(0.05, true),
      points: pointsKnob(false),
      ...windowKnobs(0, 1, 100),
      ...exchangeKnobs({ dropFraction: 0.3, dropDecay: 'constant', keepValueOnRegrow: false, skipGradientOnUpdate: false }),
      ...placementKnobs('er'),
    },
    fidelity: [
      'The smallest weights are chosen by magnitude over both signs; the paper takes a share of the positive and of the negative weights separately.',
      'Updates come every so many steps; in the paper, after each epoch.',
      'Grown weights start at 0; one of the authors\' codes draws them from a normal distribution.',
      'Density is set directly and counts are exact; the paper sets epsilon, and draws the first mask weight by weight.',
    ],
    deviations: [
      { knob: 'keepValueOnRegrow', note: 'In the code of GraNet and ITOP a weight that is dropped and grown at once keeps its value.' },
      { knob: 'rounding', note: 'The code of GraNet and ITOP rounds the number of dropped weights up.' },
    ],
  },
  plan: exchangePlan,
  update(moves) {
    moves.drop('magnitude');
    moves.grow('random');
  },
};
