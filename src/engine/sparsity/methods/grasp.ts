import { densityKnob, placementKnobs, scopeKnob } from '../knobs.ts';
import type { Method } from '../method.ts';
import { openingPlan } from '../plan.ts';

/** GraSP: a mask found before training that keeps the gradient large, not the loss small. */
export const grasp: Method = {
  card: {
    id: 'grasp',
    title: 'GraSP: gradient signal preservation',
    paper: {
      title: 'Picking Winning Tickets Before Training by Preserving Gradient Flow',
      authors: 'Wang, Zhang, Grosse',
      year: 2020,
      url: 'https://arxiv.org/abs/2002.07376',
    },
    idea: 'Before training, remove the weights without which the gradient of a batch would shrink least or even grow; then never change the mask.',
    equations: [
      String.raw`s_i = -\,w_i\,(H g)_i, \quad m_i = \mathbb{1}\big[\,s_i \text{ among the } \mathrm{round}(d N) \text{ smallest}\,\big]`,
      String.raw`H g \approx \frac{\lVert g\rVert}{2\varepsilon}\Big(\nabla L\big(w + \varepsilon \tfrac{g}{\lVert g\rVert}\big) - \nabla L\big(w - \varepsilon \tfrac{g}{\lVert g\rVert}\big)\Big), \quad \varepsilon = 0.001`,
    ],
    knobs: { density: densityKnob(0.05, false), scope: scopeKnob('global'), ...placementKnobs('erk') },
    fidelity: [
      'The product of Hessian and gradient is a difference of two gradients, where the authors differentiate twice; ReLUs that switch in between make it inexact.',
      'The batch that is scored is the first one that training sees; the authors\' code takes ten examples of each class.',
      'The authors\' code divides logits by 200 while it scores; here they are as in training.',
    ],
    deviations: [],
  },
  plan: (context) => openingPlan(context, { gradient: 'curvature', score: 'curvature', rounds: 1 }),
};
