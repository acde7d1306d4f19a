import type { Granularity, GroupScore } from '../sparsity/granularity.ts';
import type { Axis, Share } from '../sparsity/pattern.ts';
import type { Storage } from '../sparsity/formats/index.ts';
import type { KnobValue } from './card.ts';

/** Which examples, and how many a step sees. */
export interface DataSpec {
  /** Id in the dataset registry (`DATASETS`), such as `mnist-10k`, `fashion-mnist` or `moons`. */
  set: string;
  /** Examples a step. */
  batch: number;
  /** Standard deviation of the noise of generated sets. */
  noise: number;
  /** Training examples of generated sets. */
  samples: number;
  /** What evaluations look at: the test set, or a fifth of the training set that is then not trained on. */
  evaluateOn: 'test' | 'validation';
  /** Characters of a window of a text. */
  context: number;
}

/** A multi-layer perceptron, a convolutional network or a transformer; input and output widths come from the data. */
export interface ModelSpec {
  kind: 'mlp' | 'cnn' | 'transformer';
  /** Widths of the hidden layers of an mlp. */
  hidden: readonly number[];
  /** Channels of the convolutions of a cnn. */
  channels: readonly number[];
  /** Blocks of a transformer, features of a token, heads that share them, and the width of its hidden layers. */
  depth: number;
  width: number;
  heads: number;
  feedForward: number;
  /** How a transformer knows places: a learned table, or turned queries and keys. */
  positions: 'learned' | 'rotary';
  /** Whether a transformer's head is its embedding again. */
  head: 'tied' | 'free';
  activation: 'relu' | 'gelu' | 'tanh' | 'swiglu';
  norm: 'none' | 'layer' | 'rms' | 'batch';
  /** What linear layers multiply with: weights as they are trained, or copies of them in 16 bits. */
  weights: 'f32' | 'f16';
  /** Pooling behind each convolution of a cnn. */
  pool: 'max' | 'average';
  dropout: number;
}

/** The update rule and its rate over time. */
export interface OptimizerSpec {
  name: 'sgd' | 'adam' | 'adamw';
  rate: number;
  momentum: number;
  nesterov: boolean;
  beta1: number;
  beta2: number;
  epsilon: number;
  /** Weight decay: L2 for sgd and adam, decoupled for adamw. */
  decay: number;
  /** Largest global gradient norm; 0 switches clipping off. */
  clip: number;
  schedule: 'constant' | 'cosine' | 'step';
  /** Steps of linear warm-up at the beginning of a phase. */
  warmup: number;
}

/** A method and its knobs, flat: `{ method: 'rigl', density: 0.01, ... }`; keys come from the method's card. */
export type SparsitySpec = { method: string } & Record<string, KnobValue>;

/** What masks switch as one; the same in all phases, since a mask goes over from one to the next. */
export interface MasksSpec {
  granularity: Granularity;
  /** Rows and columns of a block, as the option is written. */
  blockSize: '4' | '8' | '16' | '32';
  /** How the scores of its weights become that of a block, kernel or channel. */
  blockScore: GroupScore;
  /** With `nm`: N of every M neighbours stay, along which axis, and how many lines share one pattern. */
  n: number;
  m: number;
  axis: Axis;
  share: Share;
}

/** Which layers of a transformer have masks, by what they do. */
export interface MaskedGroups {
  mlp: boolean;
  query: boolean;
  key: boolean;
  value: boolean;
  out: boolean;
  embedding: boolean;
  head: boolean;
}

/** What happens when a phase begins, before its first step. */
export type PhaseEntry = 'keep' | 'lift' | 'prune' | 'rewind' | 'prune-rewind';

/** A stretch of training with one method, optimizer and data order. */
export interface Phase {
  steps: number;
  /** `keep` what is there, `lift` the mask (all weights trainable, revived ones start at 0), `prune` to the method's first density, `rewind` weights to their initial values, or first prune and then rewind those that stay. */
  entry: PhaseEntry;
  /** Optimizer state is carried over from the phase before, or starts anew. */
  optimizerState: 'carry' | 'reset';
  /** Id in the sampler registry: `permutation` (epochs without replacement), `sequential`, `replacement`. */
  sampler: string;
  /** How masked layers are stored and multiplied; see sparsity/storage.ts. */
  format: Storage;
  /** Micro-batches that a step computes its batch in; divides `data.batch`. */
  accumulate: number;
  /** Layers, counted from 1, whose parameters, optimizer state and masks stay as they are from the first step of the phase to its last. */
  frozen: readonly number[];
  optimizer: OptimizerSpec;
  sparsity: SparsitySpec;
}

/**
 * One experiment: everything that decides a run. A link holds it, the controls edit it, the worker runs it,
 * the command line takes it. Made only by `parseExperiment`, which accepts any input.
 */
export interface Experiment {
  version: 1;
  preset: string;
  seed: number;
  data: DataSpec;
  model: ModelSpec;
  masks: MasksSpec & MaskedGroups;
  phases: readonly Phase[];
  /** Steps between two evaluations on the test set. */
  evaluateEvery: number;
  /** Control networks trained beside the main one, step by step, on the same batches and the same initial weights. */
  beside: { random: boolean; dense: boolean };
  /** Knobs changed while the run was under way: replayed at their steps. */
  edits: readonly Edit[];
}

/** A live knob changed at a step: `path` as in links (`sparsity.density`, `optimizer.rate`). */
export interface Edit {
  step: number;
  path: string;
  value: number;
}
