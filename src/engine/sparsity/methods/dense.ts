import type { Method } from '../method.ts';
import { densePlan } from '../plan.ts';

/** Ordinary training, every weight active: the reference line of the others. */
export const dense: Method = {
  card: {
    id: 'dense',
    title: 'Dense',
    paper: {
      title: 'Learning representations by back-propagating errors',
      authors: 'Rumelhart, Hinton, Williams',
      year: 1986,
      url: 'https://doi.org/10.1038/323533a0',
    },
    idea: 'Every weight is active and trained: what the sparse networks are compared with.',
    equations: [String.raw`m_i = 1 \quad \text{for all } i`],
    knobs: {},
    fidelity: ['No weight is ever masked.'],
    deviations: [],
  },
  plan: densePlan,
};
