import type { KnobValue } from '../card.ts';
import { experimentFrom, type ExperimentParts, type PhaseParts } from '../defaults.ts';
import type { Preset, Recorded } from './preset.ts';

/**
 * A transformer of two blocks that a laptop's graphics card teaches words within a minute: a step is 1.4 GFLOP in 90
 * dispatches, at 200 GFLOP/s about 7 ms, and words come after some 300 steps.
 */
const MODEL = { kind: 'transformer', depth: 2, width: 64, heads: 4, feedForward: 256, norm: 'layer', activation: 'gelu' } as const;
const OPTIMIZER = { name: 'adamw', rate: 0.003, schedule: 'cosine', warmup: 100, clip: 1, decay: 0.01, beta2: 0.99 } as const;

/** One narrow block and a short run, for tests: its groups are whole ones, and it learns which characters follow which. */
const SMALL: readonly (readonly [string, KnobValue])[] = [
  ['model.depth', 1], ['model.width', 32], ['model.heads', 2], ['model.feedForward', 32], ['data.context', 8], ['data.batch', 32], ['optimizer.warmup', 10], ['optimizer.rate', 0.015],
  ['evaluateEvery', 25], ['beside.random', false], ['beside.dense', false], ['steps', 150],
];

/** What one preset on Moby Dick has of its own. */
interface OnMoby extends Pick<Preset, 'id' | 'title' | 'sentence'> {
  paper?: Preset['paper'];
  sparsity: PhaseParts['sparsity'];
  masks?: ExperimentParts['masks'];
  beside?: ExperimentParts['beside'];
  recorded?: Recorded | null;
  small: Recorded;
}

/** A preset that trains the transformer on Moby Dick; by one in four where it does not say otherwise. */
export function onMoby({ id, title, sentence, paper, sparsity, masks, beside = { random: false, dense: true }, recorded = null, small }: OnMoby): Preset {
  return {
    id, title, sentence, ...(paper && { paper }),
    experiment: experimentFrom({
      preset: id, data: { set: 'moby-dick', batch: 32, context: 64 }, model: MODEL, masks: { granularity: 'nm', n: 1, m: 4, ...masks },
      phases: [{ steps: 2000, optimizer: OPTIMIZER, sparsity }], evaluateEvery: 100, beside,
    }),
    metric: 'testBits',
    recorded,
    small: { set: SMALL, recorded: small },
  };
}
