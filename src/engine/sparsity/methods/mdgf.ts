import { readChoice, readNumber } from '../knobs.ts';
import { fineTuneKnob, MASTER_FIDELITY, masterKnobs } from '../masterKnobs.ts';
import { denseSteps, masterPlan } from '../masterPlan.ts';
import type { Method, PlanContext } from '../method.ts';

const DECAYS = { linear: true, exponential: true, manual: true } as const;
const READINGS = { through: true, scaled: true } as const;

/** The factor of hidden weights: 1 in the dense beginning, then falling, 0 in the fine-tuning. */
function beta(context: PlanContext, step: number): number {
  const { knobs, steps } = context;
  const t = step - denseSteps(context);
  if (t < 0) return 1;
  if (step >= steps - Math.round(readNumber(knobs, 'fineTune') * steps)) return 0;
  const eta = readNumber(knobs, 'eta');
  switch (readChoice(knobs, 'decay', DECAYS)) {
    case 'linear': return Math.max(0, 1 - eta * t);
    case 'exponential': return Math.exp(-eta * t);
    case 'manual': return readNumber(knobs, 'beta');
  }
}

/** Progressive gradient flow by mask decay: hidden weights fade. */
export const mdgf: Method = {
  card: {
    id: 'mdgf',
    title: 'MdGf: hidden weights fade',
    paper: {
      title: 'Progressive Gradient Flow for Robust N:M Sparsity Training in Transformers',
      authors: 'Bambhaniya, Yazdanbakhsh, Subramanian, Kao, Agrawal, Evci, Krishna',
      year: 2024,
      url: 'https://arxiv.org/abs/2402.04744',
    },
    idea: 'Weights outside the mask are not hidden at once: passes see them with a factor beta that falls from 1 to 0, so that gradients first flow as in a dense network and grow sparse step by step.',
    equations: [
      String.raw`\tilde W = W \odot \big(m + \beta_t (1 - m)\big)`,
      String.raw`\beta_t = \max(0,\, 1 - \eta t) \quad \text{or} \quad \beta_t = e^{-\eta t}`,
    ],
    knobs: {
      decay: { kind: 'choice', options: Object.keys(DECAYS), default: 'exponential', label: 'Decay', help: 'How beta falls: along a line, exponentially, or as the slider says while it trains.' },
      eta: { kind: 'number', min: 1e-5, max: 1, default: 0.005, log: true, live: true, where: { path: 'sparsity.decay', is: ['linear', 'exponential'] }, label: 'Decay rate', help: 'How fast beta falls a step; 1e-4 to 2e-4 in the authors\' code, for runs of many more steps.' },
      beta: { kind: 'number', min: 0, max: 1, default: 1, live: true, where: { path: 'sparsity.decay', is: ['manual'] }, label: 'Beta', help: 'Factor of the weights outside the mask: 1 is a dense network, 0 is STE. Turn it while it trains.' },
      backward: { kind: 'choice', options: Object.keys(READINGS), default: 'through', advanced: true, label: 'Gradient of hidden weights', help: 'Straight through, as in the authors\' code, or scaled by beta, as the chain rule says.' },
      fineTune: fineTuneKnob(0.2),
      ...masterKnobs(0.05, 10),
    },
    fidelity: [MASTER_FIDELITY, 'While beta is above 0 no product is sparse: layers are stored as masked.', 'Evaluations see the network with the mask alone.'],
    deviations: [{ knob: 'backward', note: 'The code passes the gradient of hidden weights on whole; the title, and the chain rule, ask for beta times it.' }],
  },
  plan: (context) => masterPlan(context, { outside: { factor: (step) => beta(context, step), gradient: readChoice(context.knobs, 'backward', READINGS), pull: () => 0 } }),
  storedAs: ['masked'],
  update: (moves) => moves.choose('magnitude'),
};
