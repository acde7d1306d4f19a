import { densityKnob, exchangeKnobs, placementKnobs, pointsKnob, windowKnobs } from '../knobs.ts';
import type { Method } from '../method.ts';
import { exchangePlan } from '../plan.ts';

/** RigL: SET with another grow score (the gradient that a missing weight would get) and other defaults. */
export const rigl: Method = {
  card: {
    id: 'rigl',
    title: 'RigL: rigging the lottery',
    paper: {
      title: 'Rigging the Lottery: Making All Tickets Winners',
      authors: 'Evci, Gale, Menick, Castro, Elsen',
      year: 2020,
      url: 'https://arxiv.org/abs/1911.11134',
    },
    idea: 'Train a sparse network; now and then drop its smallest weights and grow those missing ones whose gradient is largest.',
    equations: [
      String.raw`m \leftarrow m \setminus \text{smallest}_k |w| \;\cup\; \text{largest}_k |\nabla_w L|, \quad k = \lfloor r(t)\, n \rfloor`,
      String.raw`r(t) = \tfrac{\alpha}{2}\left(1 + \cos\frac{t\pi}{T_{\mathrm{end}}}\right)`,
    ],
    knobs: {
      density: densityKnob(0.05, true),
      points: pointsKnob(false),
      ...windowKnobs(0, 0.75, 100),
      ...exchangeKnobs({ dropFraction: 0.3, dropDecay: 'cosine', keepValueOnRegrow: true, skipGradientOnUpdate: true }),
      ...placementKnobs('erk'),
    },
    fidelity: [
      'Gradients of missing weights are computed from one batch, in the step of the update, as in the paper.',
      'Where weights tie, the lower index wins; the official code adds a little noise to the magnitudes instead.',
    ],
    deviations: [
      { knob: 'keepValueOnRegrow', note: 'In the official code a weight that is dropped and grown at once keeps its value; the paper starts grown weights at 0.' },
      { knob: 'regrowAllowed', note: 'Paper and official code let the weights just dropped compete for growth; some other codes do not.' },
      { knob: 'skipGradientOnUpdate', note: 'A step either updates masks or weights, in paper and official code; other codes do both.' },
    ],
  },
  plan: exchangePlan,
  update(moves) {
    moves.drop('magnitude');
    moves.grow('gradient');
  },
};
