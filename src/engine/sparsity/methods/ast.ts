import { readNumber } from '../knobs.ts';
import { MASTER_FIDELITY, masterKnobs } from '../masterKnobs.ts';
import { denseSteps, masterPlan } from '../masterPlan.ts';
import type { Method, PlanContext } from '../method.ts';

/** The pull grows along a line from the first sparse step on, then stays. */
function pull(context: PlanContext, step: number): number {
  const ramp = Math.max(1, Math.round(readNumber(context.knobs, 'ramp') * context.steps));
  return readNumber(context.knobs, 'pull') * Math.min(1, Math.max(0, step - denseSteps(context)) / ramp);
}

/** SR-STE whose pull grows, and that Adam's first moment never sees. */
export const ast: Method = {
  card: {
    id: 'ast',
    title: 'AST: an annealed pull',
    paper: {
      title: 'Pruning Large Language Models with Semi-Structural Adaptive Sparse Training',
      authors: 'Huang, Hu, Jian, Zhu, Chen',
      year: 2025,
      url: 'https://arxiv.org/abs/2407.20584',
    },
    idea: 'As SR-STE, with a pull to 0 that grows from nothing: weak at first, so that masks are explored, strong later, so that they settle; and kept apart from the gradient\'s average, so that Adam does not carry it on.',
    equations: [
      String.raw`\lambda(t) = \lambda_{\max} \min(1,\, t / T_0)`,
      String.raw`\mu \leftarrow \beta_1 \mu + (1-\beta_1) g, \quad u = \mu + \lambda(t)\,(1 - m) \odot W, \quad v \leftarrow \beta_2 v + (1-\beta_2) u^2`,
      String.raw`W \leftarrow W - \gamma\, \frac{u / (1-\beta_1^t)}{\sqrt{v / (1-\beta_2^t)} + \epsilon}`,
    ],
    knobs: {
      pull: { kind: 'number', min: 1e-7, max: 0.1, default: 1e-4, log: true, live: true, label: 'Pull to 0', help: 'Where the pull on weights outside the mask ends; 1e-4 for GPT-2 in the authors\' code.' },
      ramp: { kind: 'number', min: 0, max: 1, default: 0.25, label: 'Ramp', help: 'Share of the phase over which the pull grows; a quarter in the authors\' code.' },
      ...masterKnobs(0, 10),
    },
    fidelity: [
      MASTER_FIDELITY,
      'Distillation from the dense model and the low-rank branch (SLoRB) are left out.',
      'With SGD, which has no moments of this kind, the pull goes into the gradient.',
      'The first steps of this Adam are large, since their square average begins with a tenth of the gradient: use a warm-up.',
    ],
    deviations: [],
  },
  plan: (context) => masterPlan(context, { outside: { gradient: 'through', pulls: 'step', pull: (step) => pull(context, step) } }),
  update: (moves) => moves.choose('magnitude'),
};
