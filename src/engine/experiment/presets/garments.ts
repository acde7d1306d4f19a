import type { KnobValue } from '../card.ts';
import { experimentFrom, type ExperimentParts, type PhaseParts } from '../defaults.ts';
import type { Preset, Recorded } from './preset.ts';

/** Changes of the small copies of presets with patterns on garments: one narrow layer, fewer steps, no controls. */
const SMALL: readonly (readonly [string, KnobValue])[] = [['model.hidden', '32'], ['steps', 200], ['evaluateEvery', 50], ['beside.random', false], ['beside.dense', false]];

/** What one preset with a pattern on garments has of its own. */
interface OnGarments extends Pick<Preset, 'id' | 'title' | 'sentence' | 'paper' | 'recorded'> {
  sparsity: PhaseParts['sparsity'];
  masks: ExperimentParts['masks'];
  small: Recorded;
}

/** A preset that trains a perceptron on garments with N of M weights, chosen anew in every step; the last layer stays dense. */
export function onGarments({ id, title, sentence, paper, recorded, sparsity, masks, small }: OnGarments): Preset {
  return {
    id, title, sentence, ...(paper && { paper }),
    experiment: experimentFrom({
      preset: id, data: { set: 'fashion-mnist-10k', batch: 128 }, model: { hidden: [256, 256] }, masks: { granularity: 'nm', ...masks },
      phases: [{ steps: 600, optimizer: { name: 'adam', rate: 0.001, decay: 0, schedule: 'constant' }, sparsity: { updatePeriod: 1, denseLast: true, ...sparsity } }],
      evaluateEvery: 50, beside: { random: true, dense: true },
    }),
    metric: 'testAccuracy',
    recorded,
    small: { set: SMALL, recorded: small },
  };
}
