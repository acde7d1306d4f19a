import type { Claim, ClaimArm, ClaimPart } from './claim.ts';
import { FASHION_PATTERN_SETTING, FASHION_PRESETS, fashionPatterns } from './fashion.ts';
import { denseArm, patternArm, patternArmId, patternMethods, type Ratio, ratioWords } from './patterns.ts';

const SHARED = fashionPatterns([256, 256]);
const RATIOS: readonly Ratio[] = [{ n: 1, m: 16 }, { n: 1, m: 32 }];
const DECAYS = ['mdgf', 'sdgf'] as const;
const OTHERS = ['sr-ste', 'ste', 'random'] as const;

function armsAt(ratio: Ratio): ClaimArm[] {
  const methods = patternMethods(ratio, SHARED.steps);
  return [...DECAYS, ...OTHERS].map((id) => {
    const { title, sparsity } = methods[id];
    return patternArm(title, SHARED, ratio, FASHION_PRESETS[id], { ...sparsity, denseLast: true });
  });
}

function partsAt(ratio: Ratio): ClaimPart[] {
  const methods = patternMethods(ratio, SHARED.steps);
  return DECAYS.map((decay) => ({
    title: `${methods[decay].title} at ${ratioWords(ratio)}`,
    comparison: { kind: 'best', arm: patternArmId(decay, ratio), against: OTHERS.map((id) => patternArmId(id, ratio)) },
    check: { dense: 'dense', target: 0.8, control: patternArmId('random', ratio) },
  }));
}

/** Letting hidden weights fade, or the pattern grow stricter, is better than hiding them from the first step. */
export const gradientFlow: Claim = {
  id: 'gradient-flow',
  title: 'Gradient flow: hide weights little by little',
  sentence: 'At 1:16 and at 1:32, hidden weights that fade (MdGf) and patterns that grow stricter (SdGf) end more accurate than weights that are hidden from the first step (SR-STE, STE) and than a fixed mask.',
  paper: {
    title: 'Progressive Gradient Flow for Robust N:M Sparsity Training in Transformers',
    authors: 'Bambhaniya, Yazdanbakhsh, Subramanian, Kao, Agrawal, Evci, Krishna',
    year: 2024,
    url: 'https://arxiv.org/abs/2402.04744',
  },
  arms: [denseArm(SHARED, 'dense-mnist'), ...RATIOS.flatMap(armsAt)],
  metric: 'accuracy',
  parts: RATIOS.flatMap(partsAt),
  delta: 0.005,
  margin: 0.01,
  seeds: 5,
  setting: `${FASHION_PATTERN_SETTING}, MLP 784-256-256-10, hidden layers masked`,
  tuning: 'Equal settings, not tuned.',
};
