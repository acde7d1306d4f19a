import { defaultKnobs } from '../sparsity/knobs.ts';
import { findMethod, type MethodId } from '../sparsity/methods/index.ts';
import type { KnobValue } from './card.ts';
import type { DataSpec, Experiment, ModelSpec, OptimizerSpec, Phase, SparsitySpec } from './experiment.ts';
import { BESIDE_KNOBS, DATA_KNOBS, MASKS_KNOBS, MODEL_KNOBS, OPTIMIZER_KNOBS, PHASE_KNOBS, TOP_KNOBS } from './schema.ts';

/** What a preset says about a phase; the rest are defaults. */
export interface PhaseParts extends Partial<Omit<Phase, 'optimizer' | 'sparsity'>> {
  optimizer?: Partial<OptimizerSpec>;
  sparsity: { method: MethodId } & Record<string, KnobValue>;
}

/** What a preset says about its experiment; the rest are defaults. */
export interface ExperimentParts extends Partial<Omit<Experiment, 'preset' | 'data' | 'model' | 'masks' | 'phases'>> {
  preset: string;
  data?: Partial<DataSpec>;
  model?: Partial<ModelSpec>;
  masks?: Partial<Experiment['masks']>;
  phases: readonly PhaseParts[];
}

/** A method with all its knobs: those given, the others as on its card. */
export function sparsityOf(parts: PhaseParts['sparsity']): SparsitySpec {
  return { ...defaultKnobs(findMethod(parts.method).card.knobs), ...parts };
}

/** A whole experiment from the parts that a preset cares for, the other fields at their schema's defaults. */
export function experimentFrom(parts: ExperimentParts): Experiment {
  return {
    version: 1,
    preset: parts.preset,
    seed: parts.seed ?? TOP_KNOBS.seed.default,
    data: { ...(defaultKnobs(DATA_KNOBS) as unknown as DataSpec), ...parts.data },
    model: { ...(defaultKnobs(MODEL_KNOBS) as unknown as ModelSpec), hidden: MODEL_KNOBS.hidden.default, channels: MODEL_KNOBS.channels.default, ...parts.model },
    masks: { ...(defaultKnobs(MASKS_KNOBS) as unknown as Experiment['masks']), ...parts.masks },
    phases: parts.phases.map(phaseFrom),
    evaluateEvery: parts.evaluateEvery ?? TOP_KNOBS.evaluateEvery.default,
    beside: parts.beside ?? { random: BESIDE_KNOBS.random.default, dense: BESIDE_KNOBS.dense.default },
    edits: parts.edits ?? [],
  };
}

function phaseFrom({ optimizer, sparsity, ...rest }: PhaseParts): Phase {
  return {
    steps: PHASE_KNOBS.steps.default,
    entry: PHASE_KNOBS.entry.default,
    optimizerState: PHASE_KNOBS.optimizerState.default,
    sampler: PHASE_KNOBS.sampler.default,
    format: PHASE_KNOBS.format.default,
    accumulate: PHASE_KNOBS.accumulate.default,
    frozen: PHASE_KNOBS.frozen.default,
    ...rest,
    optimizer: { ...(defaultKnobs(OPTIMIZER_KNOBS) as unknown as OptimizerSpec), ...optimizer },
    sparsity: sparsityOf(sparsity),
  };
}
