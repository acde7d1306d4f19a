import { densityKnob, placementKnobs, scopeKnob } from '../knobs.ts';
import type { Method } from '../method.ts';
import { staticPlan } from '../plan.ts';

/** Iterative magnitude pruning with rewinding: one phase a round, entered by `prune-rewind`. */
export const imp: Method = {
  card: {
    id: 'imp',
    title: 'IMP: lottery tickets',
    paper: {
      title: 'The Lottery Ticket Hypothesis: Finding Sparse, Trainable Neural Networks',
      authors: 'Frankle, Carbin',
      year: 2019,
      url: 'https://arxiv.org/abs/1803.03635',
    },
    idea: 'Train, remove the smallest weights, set the others back to their initial values, and train again: the rounds find a small network that learns as well as the dense one.',
    equations: [
      String.raw`m^{(k)} = m^{(k-1)} \odot \mathbb{1}\big[\,|w_T^{(k-1)}| \text{ among the } \mathrm{round}(d_k N_l) \text{ largest of its layer}\,\big]`,
      String.raw`w \leftarrow m^{(k)} \odot w_0`,
    ],
    knobs: { density: densityKnob(0.2, false), scope: scopeKnob('layer'), ...placementKnobs('uniform') },
    fidelity: [
      'A round is a phase that is entered by prune-rewind; its density is met exactly. A first phase below density 1 begins with a random mask.',
      'Every layer loses the same share; the paper prunes the output layer at half the rate of the others.',
      'Weights go back to their values before the first step; rewinding to an early step, which deep networks need, is left out.',
      'Each round sees the examples in an order of its own.',
    ],
    deviations: [
      { knob: 'scope', note: 'The authors\' later code ranks the weights of all layers together.' },
      { knob: 'denseLast', note: 'The authors\' later code leaves the output layer of small networks as it is.' },
    ],
  },
  plan: staticPlan,
};
