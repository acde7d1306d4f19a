import { readChoice, readNumber } from '../knobs.ts';
import { fineTuneKnob, MASTER_FIDELITY, masterKnobs, PATTERN_DECAYS } from '../masterKnobs.ts';
import { decayingPatterns, denseSteps, masterPlan, patternAt } from '../masterPlan.ts';
import type { Method } from '../method.ts';

/** Progressive gradient flow by structure decay: the pattern grows stricter. */
export const sdgf: Method = {
  card: {
    id: 'sdgf',
    title: 'SdGf: the pattern grows stricter',
    paper: {
      title: 'Progressive Gradient Flow for Robust N:M Sparsity Training in Transformers',
      authors: 'Bambhaniya, Yazdanbakhsh, Subramanian, Kao, Agrawal, Evci, Krishna',
      year: 2024,
      url: 'https://arxiv.org/abs/2402.04744',
    },
    idea: 'The mask is hard from the start, but its pattern is not: it goes from nearly dense to N:M in equal stretches, or keeps the ratio and shrinks the groups, so that the choice grows narrower step by step.',
    equations: [
      String.raw`\text{stepwise: } (M\!-\!1){:}M,\; \tfrac M2{:}M,\; \tfrac M4{:}M,\; \dots,\; N{:}M`,
      String.raw`\text{geometric: } 8N{:}8M,\; 4N{:}4M,\; 2N{:}2M,\; N{:}M`,
    ],
    knobs: {
      decay: { kind: 'choice', options: Object.keys(PATTERN_DECAYS), default: 'stepwise', label: 'Patterns', help: 'N shrinks by halves, or M does while the ratio stays.' },
      fineTune: fineTuneKnob(0.2),
      ...masterKnobs(0.05, 10),
    },
    fidelity: [MASTER_FIDELITY, 'Without a pattern of N to M the mask is that of STE.', 'Where M over a power of two does not meet N, N itself is the last pattern.'],
    deviations: [],
  },
  plan(context) {
    const { knobs, steps } = context;
    const target = context.layers.find(({ pattern }) => pattern)?.pattern;
    const outside = { gradient: 'through', pull: () => 0 } as const;
    if (!target) return masterPlan(context, { outside });
    const patterns = decayingPatterns(readChoice(knobs, 'decay', PATTERN_DECAYS), target);
    const last = steps - Math.round(readNumber(knobs, 'fineTune') * steps);
    return masterPlan(context, { outside, pattern: (step) => patternAt(patterns, step, denseSteps(context), last) });
  },
  update: (moves) => moves.choose('magnitude'),
};
