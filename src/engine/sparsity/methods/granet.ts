import { densityKnob, exchangeKnobs, gradualKnobs, ON_CURVE, placementKnobs, pointsKnob, scopeKnob, windowKnobs } from '../knobs.ts';
import type { Method } from '../method.ts';
import { gradualExchangePlan } from '../plan.ts';

/** GraNet: the pruning of GMP and the exchange of RigL in one update. */
export const granet: Method = {
  card: {
    id: 'granet',
    title: 'GraNet: gradual pruning with regeneration',
    paper: {
      title: 'Sparse Training via Boosting Pruning Plasticity with Neuroregeneration',
      authors: 'Liu, Chen, Chen, Atashgahi, Yin, Kou, Shen, Pechenizkiy, Wang, Mocanu',
      year: 2021,
      url: 'https://arxiv.org/abs/2106.10404',
    },
    idea: 'Prune a little at every update, and each time also replace some of the weights that are left by missing ones whose gradient is largest.',
    equations: [
      String.raw`s_t = s_i + (s_f - s_i)\left(1 - \Big(1 - \frac{t - t_0}{n\,\Delta t}\Big)^3\right), \quad m \leftarrow \text{largest}_{(1 - s_t) N} |w|`,
      String.raw`m_l \leftarrow m_l \setminus \text{smallest}_{k_l} |w| \;\cup\; \text{largest}_{k_l} |\nabla_w L|, \quad k_l = \lceil r(t)\, n_l \rceil`,
      String.raw`r(t) = r_{\min} + \tfrac{r_0 - r_{\min}}{2}\left(1 + \cos\frac{\pi t}{T}\right)`,
    ],
    knobs: {
      density: densityKnob(0.05, true),
      points: pointsKnob(true),
      ...windowKnobs(0, 0.5, 100),
      updateEnd: {
        ...ON_CURVE, kind: 'number', min: 0, max: 1, default: 0.5, advanced: true,
        label: 'Pruning ends', help: 'When the final density is reached, as a share of the phase; weights are exchanged to its end.',
      },
      ...gradualKnobs(0.5),
      ...exchangeKnobs({ dropFraction: 0.5, dropDecay: 'cosine', dropFloor: 0.005, rounding: 'ceil', keepValueOnRegrow: true, skipGradientOnUpdate: false }),
      scope: scopeKnob('global'),
      ...placementKnobs('erk'),
      stopShort: {
        kind: 'flag', default: false, advanced: true,
        label: 'Stop one update short', help: 'The curve ends one update after the last, so that the final density is missed by a little.',
      },
    },
    fidelity: [
      'Counts are exact and ties go to the lower index; the official code keeps what is strictly above a threshold, at least one weight too few, and more where magnitudes tie.',
      'The first mask has exactly the counts of its distribution; the official code draws it weight by weight.',
      'A weight that the pruning took, and that is grown in the same update, is treated as one that the exchange dropped; the official code always restarts it at 0.',
      'With one share for each layer, all layers follow their distribution at the density of the moment; the official variant gives all the same, and the classifier a fifth.',
      'The first update comes in the first step, where it only exchanges; in the official code it comes a period later.',
    ],
    deviations: [
      { knob: 'initialDensity', note: 'The paper starts at one half, sparse to sparse, or at 1, dense to sparse.' },
      { knob: 'scope', note: 'The official code prunes by one threshold for all layers; its uniform variant prunes each by itself.' },
      { knob: 'stopShort', note: 'One version of the official code stops pruning one update before the curve ends, so that .89995 of the weights are left out where .9 was asked for.' },
      { knob: 'keepValueOnRegrow', note: 'In the official code a weight that is dropped and grown at once keeps its value.' },
      { knob: 'rounding', note: 'The official code rounds the number of exchanged weights up; RigL rounds it down.' },
      { knob: 'dropFloor', note: 'In the official code the exchanged share never falls below .005.' },
    ],
  },
  plan: gradualExchangePlan,
  update(moves) {
    moves.drop('magnitude');
    moves.grow('gradient');
  },
};
