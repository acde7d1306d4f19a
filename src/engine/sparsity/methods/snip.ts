import { densityKnob, placementKnobs, scopeKnob } from '../knobs.ts';
import type { Method } from '../method.ts';
import { openingPlan } from '../plan.ts';

/** SNIP: one look at the gradients of a batch, before training, decides for good. */
export const snip: Method = {
  card: {
    id: 'snip',
    title: 'SNIP: pruning at initialisation',
    paper: {
      title: 'SNIP: Single-shot Network Pruning based on Connection Sensitivity',
      authors: 'Lee, Ajanthan, Torr',
      year: 2019,
      url: 'https://arxiv.org/abs/1810.02340',
    },
    idea: 'Before training, keep the weights whose removal would change the loss of one batch the most; then never change the mask.',
    equations: [
      String.raw`s_i = \frac{|w_i\, g_i|}{\sum_j |w_j\, g_j|}, \quad g = \nabla_w L(w_0; \text{first batch})`,
      String.raw`m_i = \mathbb{1}\big[\,s_i \text{ among the } \mathrm{round}(d N) \text{ largest}\,\big]`,
    ],
    knobs: { density: densityKnob(0.05, false), scope: scopeKnob('global'), ...placementKnobs('erk') },
    fidelity: [
      'The batch that is scored is the first one that training sees; of several micro-batches, the first.',
      'Scores are not divided by their sum, which changes no rank.',
      'Weights start from He\'s uniform initialisation; the paper scales their variance by fan-in and fan-out.',
    ],
    deviations: [
      { knob: 'scope', note: 'The paper ranks all weights together; the code of RigL\'s authors keeps a given share of each layer.' },
    ],
  },
  plan: (context) => openingPlan(context, { gradient: 'loss', score: 'sensitivity', rounds: 1 }),
};
