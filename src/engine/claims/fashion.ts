import { experimentFrom, type ExperimentParts, type PhaseParts } from '../experiment/defaults.ts';
import type { Experiment, Phase } from '../experiment/experiment.ts';
import type { patternMethods, SharedByPatterns } from './patterns.ts';

/** Steps of each run of the claims on Fashion-MNIST; 15.4 epochs. */
const STEPS = 1200;

/** How the runs are long and fed, in words. */
export const FASHION_SETTING = `Fashion-MNIST (10,000 to train on, 10,000 to test), ${STEPS.toLocaleString('en')} steps of 128`;

/** SGD as in the recipes of both papers, a tenth of the rate from one half on and a hundredth from three quarters on; the rate is that of the presets on digits. */
const OPTIMIZER = { name: 'sgd', rate: 0.05, momentum: 0.9, decay: 0.0001, schedule: 'step' } as const;

/** How masks are multiplied, by method; `auto` where absent. The numbers are the same to the bit, the claim takes half the time. */
const STORED: Readonly<Record<string, Phase['format']>> = { dense: 'masked', random: 'csr', set: 'csr', rigl: 'csr' };

/** An arm's experiment: hidden widths and method, all else the same in every arm. */
export function fashionExperiment(preset: ExperimentParts['preset'], hidden: readonly number[], sparsity: PhaseParts['sparsity']): Experiment {
  return experimentFrom({
    preset,
    data: { set: 'fashion-mnist-10k', batch: 128 },
    model: { hidden },
    phases: [{ steps: STEPS, format: STORED[sparsity.method] ?? 'auto', optimizer: OPTIMIZER, sparsity }],
    evaluateEvery: 50,
    beside: { random: false, dense: false },
  });
}

/** Steps of each run of the claims on patterns; 7.7 epochs. */
const PATTERN_STEPS = 600;

/** Their setting, in words. */
export const FASHION_PATTERN_SETTING = `Fashion-MNIST (10,000 to train on, 10,000 to test), ${PATTERN_STEPS} steps of 128`;

/** What their arms share but for the hidden widths: Adam at one rate, as in the recipes for patterns. */
export function fashionPatterns(hidden: readonly number[]): SharedByPatterns {
  return {
    data: { set: 'fashion-mnist-10k', batch: 128 }, model: { hidden }, steps: PATTERN_STEPS,
    optimizer: { name: 'adam', rate: 0.001, decay: 0, schedule: 'constant' }, evaluateEvery: 50,
  };
}

/** Presets that the arms of these claims are changes of. */
export const FASHION_PRESETS = {
  random: 'random-mnist', ste: 'ste-moby', 'sr-ste': 'sr-ste-fashion', mdgf: 'mdgf-fashion', sdgf: 'sdgf-fashion', bdwp: 'bdwp-fashion',
} as const satisfies Readonly<Record<keyof ReturnType<typeof patternMethods>, string>>;
