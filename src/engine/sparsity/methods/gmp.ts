import { densityKnob, gradualKnobs, placementKnobs, pointsKnob, scopeKnob, windowKnobs } from '../knobs.ts';
import type { Method } from '../method.ts';
import { gradualPlan } from '../plan.ts';

/** Gradual magnitude pruning: a little at every update, along a cubic curve. */
export const gmp: Method = {
  card: {
    id: 'gmp',
    title: 'GMP: gradual magnitude pruning',
    paper: {
      title: 'To prune, or not to prune: exploring the efficacy of pruning for model compression',
      authors: 'Zhu, Gupta',
      year: 2017,
      url: 'https://arxiv.org/abs/1710.01878',
    },
    idea: 'Start dense and remove the smallest weights little by little while training, quickly at first and slowly at the end.',
    equations: [
      String.raw`s_t = s_f + (s_i - s_f)\left(1 - \frac{t - t_0}{n\,\Delta t}\right)^3`,
      String.raw`m_i = \mathbb{1}\big[\,|w_i| \text{ among the } \mathrm{round}((1 - s_t) N_l) \text{ largest of its layer}\,\big]`,
    ],
    knobs: {
      density: densityKnob(0.05, true),
      points: pointsKnob(true),
      ...windowKnobs(0.1, 0.75, 50, true),
      ...gradualKnobs(1),
      scope: scopeKnob('layer'),
      ...placementKnobs('uniform'),
      countFromOne: {
        kind: 'flag', default: false, advanced: true,
        label: 'Count from one', help: 'The curve is read one step ahead, as in jaxpruner.',
      },
    },
    fidelity: [
      'Pruned weights are removed for good; in the paper\'s implementation a masked weight keeps its value and could return.',
      'The curve ends at the last update inside the window, so that the final density is reached with any period.',
    ],
    deviations: [
      { knob: 'countFromOne', note: 'jaxpruner counts the first step as 1, so that its curve is one step ahead of the formula.' },
    ],
  },
  plan: gradualPlan,
  update: (moves) => moves.drop('magnitude'),
};
