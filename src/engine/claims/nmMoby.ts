import type { Claim, ClaimArm, ClaimPart } from './claim.ts';
import { denseArm, patternArm, patternArmId, patternMethods, type Ratio, ratioWords, type SharedByPatterns } from './patterns.ts';

/** A transformer of one block, which a run of a few seconds brings below the counts of characters. */
const SHARED: SharedByPatterns = {
  data: { set: 'moby-dick', batch: 16, context: 32 },
  model: { kind: 'transformer', depth: 1, width: 32, heads: 2, feedForward: 128, norm: 'layer', activation: 'gelu' },
  steps: 400, optimizer: { name: 'adamw', rate: 0.01, schedule: 'cosine', warmup: 20, clip: 1, decay: 0.01, beta2: 0.99 }, evaluateEvery: 20,
};
const RATIOS: readonly Ratio[] = [{ n: 2, m: 4 }, { n: 1, m: 4 }, { n: 1, m: 8 }];
const DECAYS = ['mdgf', 'sdgf'] as const;
const PRESETS = { mdgf: 'mdgf-moby', sdgf: 'sdgf-moby', 'sr-ste': 'sr-ste-moby', random: 'static-moby' } as const;

/** Bits per character in nats, as the metric counts. */
const bits = (value: number): number => value * Math.LN2;

function armsAt(ratio: Ratio): ClaimArm[] {
  const methods = patternMethods(ratio, SHARED.steps);
  return (Object.keys(PRESETS) as (keyof typeof PRESETS)[]).map((id) => patternArm(methods[id].title, SHARED, ratio, PRESETS[id], methods[id].sparsity));
}

const checkAt = (ratio: Ratio): ClaimPart['check'] => ({ dense: 'dense', target: bits(4), control: patternArmId('random', ratio) });

function gradualAt(ratio: Ratio): ClaimPart {
  return {
    title: ratioWords(ratio),
    comparison: { kind: 'each', arms: DECAYS.map((id) => patternArmId(id, ratio)), against: patternArmId('sr-ste', ratio) },
    check: checkAt(ratio),
  };
}

/** Patterns on a transformer: nothing is lost at half of the weights, and what is hidden little by little loses less. */
export const nmMoby: Claim = {
  id: 'nm-moby',
  title: 'N of M on a transformer',
  sentence: 'On text, a transformer with 2:4 (SR-STE) predicts as well as the dense one, and at 2:4, 1:4 and 1:8 hidden weights that fade (MdGf) and patterns that grow stricter (SdGf) predict better than SR-STE.',
  paper: {
    title: 'Progressive Gradient Flow for Robust N:M Sparsity Training in Transformers',
    authors: 'Bambhaniya, Yazdanbakhsh, Subramanian, Kao, Agrawal, Evci, Krishna',
    year: 2024,
    url: 'https://arxiv.org/abs/2402.04744',
  },
  arms: [denseArm(SHARED, 'dense-moby'), ...RATIOS.flatMap(armsAt)],
  metric: 'bits',
  parts: [
    { title: '2:4 against dense', comparison: { kind: 'as good as', arm: patternArmId('sr-ste', RATIOS[0] as Ratio), against: 'dense' }, check: checkAt(RATIOS[0] as Ratio) },
    ...RATIOS.map(gradualAt),
  ],
  delta: bits(0.02),
  margin: bits(0.04),
  seeds: 5,
  setting: `Moby Dick, ${SHARED.steps} steps of 16 windows of 32 characters, a transformer of one block of width 32`,
  tuning: 'Equal settings, not tuned.',
};
