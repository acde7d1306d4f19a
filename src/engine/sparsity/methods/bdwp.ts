import { readNumber } from '../knobs.ts';
import { MASTER_FIDELITY, masterKnobs, pullKnob } from '../masterKnobs.ts';
import { masterPlan } from '../masterPlan.ts';
import type { Method } from '../method.ts';

/** Two patterns of one master: along the inputs for the forward pass, along the outputs for gradients of inputs. */
export const bdwp: Method = {
  card: {
    id: 'bdwp',
    title: 'BDWP: a pattern for each direction',
    paper: {
      title: 'Efficient N:M Sparse DNN Training Using Algorithm, Architecture, and Dataflow Co-Design',
      authors: 'Fang, Sun, Zhou, Wang, et al.',
      year: 2023,
      url: 'https://arxiv.org/abs/2309.13015',
    },
    idea: 'A product can only skip weights along what it sums over, which is the inputs on the way forward and the outputs on the way back. So each direction sees a pattern of its own, chosen from the same dense weights, and two of three products of a step grow sparse.',
    equations: [
      String.raw`y = (m_{\mathrm{in}} \odot W)\, x, \qquad \mathrm{d}x = (m_{\mathrm{out}} \odot W)^{\top} \mathrm{d}y`,
      String.raw`W \leftarrow W - \gamma \big( \mathrm{d}y\, x^{\top} + \lambda\, (1 - m_{\mathrm{in}}) \odot W \big)`,
    ],
    knobs: { pull: pullKnob(2e-4), ...masterKnobs(0, 10) },
    fidelity: [
      MASTER_FIDELITY,
      'Neither gradient is the exact one of the masked network: that is the method, and the cosine with the exact one can be looked at.',
      'Needs a pattern of N to M along the inputs; with other masks it is SR-STE. Filters of convolutions keep one pattern.',
      'The paper\'s text and code could not be had: the rule follows its abstract, and that weights outside the mask are drawn to 0 is taken from SR-STE.',
      'Stored as nm, both products are compressed, each by its pattern; where outputs share a pattern along the inputs, as many inputs share one along the outputs.',
    ],
    deviations: [],
  },
  plan: (context) => masterPlan(context, { outside: { gradient: 'through', pulls: 'gradient', pull: () => readNumber(context.knobs, 'pull'), ...(context.layers.some(({ pattern }) => pattern) && { backward: 'out' }) } }),
  storedAs: ['masked', 'nm'],
  update: (moves) => moves.choose('magnitude'),
};
