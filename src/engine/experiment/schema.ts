import { DATASETS, type DatasetCard } from '../data/cards.ts';
import { SAMPLERS } from '../data/samplers.ts';
import { GRANULARITIES, GROUP_SCORES } from '../sparsity/granularity.ts';
import { AXES, LARGEST_M, SHARES } from '../sparsity/pattern.ts';
import { STORAGES } from '../sparsity/formats/index.ts';
import { METHODS } from '../sparsity/methods/index.ts';
import type { Knob, KnobTable } from './card.ts';
import type { MasksSpec, ModelSpec, Phase } from './experiment.ts';
import { EVALUATION_BATCH } from './model.ts';

/** Most micro-batches of a step: those of three networks still fit one slice. */
export const MAX_MICRO_BATCHES = 16;

/** Most hidden layers of a network. */
export const MAX_HIDDEN_LAYERS = 6;
/** Most phases of an experiment. */
export const MAX_PHASES = 8;
/** Most edits of an experiment. */
export const MAX_EDITS = 1000;
/** Most steps of one phase. */
export const MAX_STEPS = 1_000_000;
/**
 * Most parameters of a network, counted for 784 inputs and 10 outputs whatever the data: Adam's two moments of all
 * parameters lie in one storage binding, which is 128 MiB under WebGPU's default limits.
 */
export const MAX_PARAMETERS = 16_000_000;

/** Most bytes of one activation of a network: a storage binding under WebGPU's default limits. */
export const MAX_ACTIVATION_BYTES = 128 * 2 ** 20;

/** Data sets that are made from the seed. */
const GENERATED_SETS = Object.values(DATASETS).filter(({ downloadBytes }) => downloadBytes === 0).map(({ id }) => id);

/** Data sets that are texts. */
export const TEXT_SETS = Object.values(DATASETS).filter((card: DatasetCard) => card.text).map(({ id }) => id);

/** Which examples, and how many a step sees. */
export const DATA_KNOBS = {
  set: { kind: 'choice', options: Object.keys(DATASETS), default: 'mnist-10k', label: 'Data set', help: 'mnist-10k is 10,000 digits, fashion-mnist-10k as many garments, without the ending all 60,000; moons, spirals and teacher are generated from the seed; moby-dick is a book, for transformers.' },
  batch: { kind: 'integer', min: 1, max: 4096, default: 128, log: true, unit: 'examples', label: 'Batch', help: 'Examples that a step sees, of a text windows; one step is one batch.' },
  noise: { kind: 'number', where: { path: 'data.set', is: GENERATED_SETS }, min: 0, max: 2, default: 0.1, advanced: true, label: 'Noise', help: 'Standard deviation of the noise of generated sets; stored sets have none added.' },
  samples: { kind: 'integer', where: { path: 'data.set', is: GENERATED_SETS }, min: 16, max: 100_000, default: 2000, log: true, advanced: true, unit: 'examples', label: 'Training examples', help: 'Examples of generated sets; stored sets have a fixed number.' },
  context: { kind: 'integer', where: { path: 'data.set', is: TEXT_SETS }, min: 4, max: 1024, default: 64, log: true, unit: 'characters', label: 'Context', help: 'Characters of a window: so far back a prediction can look.' },
  evaluateOn: { kind: 'choice', options: ['test', 'validation'], default: 'test', advanced: true, label: 'Evaluate on', help: 'The test set, or a fifth of the training set held out: settings are chosen on the second, and the first looked at once.' },
} as const satisfies KnobTable;

/** The network between the inputs and outputs, whose widths come from the data. */
export const MODEL_KNOBS = {
  kind: { kind: 'choice', options: ['mlp', 'cnn', 'transformer'], default: 'mlp', label: 'Network', help: 'A perceptron (mlp), 3 x 3 convolutions that are pooled 2 x 2 each, with a linear layer behind (cnn), or, for texts, a decoder of attention and perceptrons (transformer).' },
  hidden: { kind: 'widths', where: { path: 'model.kind', is: ['mlp'] }, max: 4096, default: [128], label: 'Hidden widths', help: 'Units of each hidden layer of a perceptron, at most six layers; none gives a linear classifier.' },
  channels: { kind: 'widths', where: { path: 'model.kind', is: ['cnn'] }, max: 256, default: [16, 32, 64], label: 'Channels', help: 'Filters of each convolution of a cnn, at most six; the picture halves behind each.' },
  depth: { kind: 'integer', where: { path: 'model.kind', is: ['transformer'] }, min: 1, max: 8, default: 2, label: 'Blocks', help: 'Blocks of attention and perceptron, one after another.' },
  width: { kind: 'integer', where: { path: 'model.kind', is: ['transformer'] }, min: 4, max: 512, default: 64, log: true, unit: 'features', label: 'Width', help: 'Features of a character between the blocks; the heads share them.' },
  heads: { kind: 'integer', where: { path: 'model.kind', is: ['transformer'] }, min: 1, max: 16, default: 4, label: 'Heads', help: 'Parts of the features that attend on their own; divides the width.' },
  feedForward: { kind: 'integer', where: { path: 'model.kind', is: ['transformer'] }, min: 4, max: 2048, default: 256, log: true, unit: 'units', label: 'Hidden width', help: 'Hidden units of the perceptron of a block.' },
  positions: { kind: 'choice', where: { path: 'model.kind', is: ['transformer'] }, options: ['learned', 'rotary'], default: 'learned', advanced: true, label: 'Positions', help: 'A learned vector for each place, or queries and keys turned by their place (RoPE; Su et al. 2021).' },
  head: { kind: 'choice', where: { path: 'model.kind', is: ['transformer'] }, options: ['tied', 'free'], default: 'tied', advanced: true, label: 'Head', help: 'Logits by the table of the embedding again (Press, Wolf 2017), or by one of their own.' },
  activation: { kind: 'choice', options: ['relu', 'gelu', 'tanh', 'swiglu'], default: 'relu', label: 'Activation', help: 'What a hidden unit makes of its sum; swiglu, for transformers, has a second sum as a gate (Shazeer 2020).' },
  norm: { kind: 'choice', options: ['none', 'layer', 'rms', 'batch'], default: 'none', advanced: true, label: 'Normalisation', help: 'LayerNorm (Ba, Kiros, Hinton 2016), RMSNorm (Zhang, Sennrich 2019) or BatchNorm (Ioffe, Szegedy 2015) before each activation, in a transformer before each branch, or none.' },
  pool: { kind: 'choice', where: { path: 'model.kind', is: ['cnn'] }, options: ['max', 'average'], default: 'max', advanced: true, label: 'Pooling', help: 'What of four neighbours a cnn keeps: the largest, or their mean.' },
  weights: { kind: 'choice', options: ['f32', 'f16'], default: 'f32', advanced: true, label: 'Weights read as', help: 'Linear layers multiply with weights of 32 bits, or with copies rounded to 16 where the device can; sums and training stay in 32 (Micikevicius et al. 2018).' },
  dropout: { kind: 'number', min: 0, max: 0.9, default: 0, advanced: true, label: 'Dropout', help: 'Share of hidden units silenced at random in a step (Srivastava et al. 2014).' },
} as const satisfies KnobTable;

/** The update rule and its rate over a phase. */
export const OPTIMIZER_KNOBS = {
  name: { kind: 'choice', options: ['sgd', 'adam', 'adamw'], default: 'sgd', label: 'Optimizer', help: 'SGD with momentum, Adam (Kingma, Ba 2014) or AdamW (Loshchilov, Hutter 2017).' },
  rate: { kind: 'number', min: 1e-6, max: 10, default: 0.1, log: true, live: true, label: 'Learning rate', help: 'Size of a step along the gradient, before the schedule.' },
  schedule: { kind: 'choice', options: ['constant', 'cosine', 'step'], default: 'constant', label: 'Rate schedule', help: 'Constant, down to 0 along a cosine, or divided by ten at one half and three quarters of the phase.' },
  warmup: { kind: 'integer', min: 0, max: 100_000, default: 0, log: true, advanced: true, unit: 'steps', label: 'Warm-up', help: 'Steps at the beginning of a phase in which the rate grows linearly.' },
  momentum: { kind: 'number', where: { path: 'optimizer.name', is: ['sgd'] }, min: 0, max: 0.999, default: 0.9, label: 'Momentum', help: 'Share of the last step that is carried on; SGD only.' },
  nesterov: { kind: 'flag', where: { path: 'optimizer.name', is: ['sgd'] }, default: false, advanced: true, label: 'Nesterov momentum', help: 'The gradient is taken ahead along the momentum; SGD only.' },
  beta1: { kind: 'number', where: { path: 'optimizer.name', is: ['adam', 'adamw'] }, min: 0, max: 0.999, default: 0.9, advanced: true, label: 'Beta 1', help: 'Decay of the mean of gradients; Adam and AdamW.' },
  beta2: { kind: 'number', where: { path: 'optimizer.name', is: ['adam', 'adamw'] }, min: 0, max: 0.99999, default: 0.999, advanced: true, label: 'Beta 2', help: 'Decay of the mean of squared gradients; Adam and AdamW.' },
  epsilon: { kind: 'number', where: { path: 'optimizer.name', is: ['adam', 'adamw'] }, min: 1e-12, max: 0.1, default: 1e-8, log: true, advanced: true, label: 'Epsilon', help: 'Added to the divisor; Adam and AdamW.' },
  decay: { kind: 'number', min: 0, max: 1, default: 0.0001, log: true, advanced: true, label: 'Weight decay', help: 'Pull of the weights towards 0: L2 for SGD and Adam, decoupled for AdamW.' },
  clip: { kind: 'number', min: 0, max: 1000, default: 0, log: true, advanced: true, label: 'Gradient clip', help: 'Largest norm of the whole gradient; 0 switches clipping off.' },
} as const satisfies KnobTable;

/** What belongs to a phase besides its optimizer and its method. */
export const PHASE_KNOBS = {
  steps: { kind: 'integer', min: 1, max: MAX_STEPS, default: 2000, log: true, unit: 'steps', label: 'Steps', help: 'Length of the phase; one step is one batch.' },
  sampler: { kind: 'choice', options: Object.keys(SAMPLERS), default: 'permutation', advanced: true, label: 'Order of examples', help: 'Each once an epoch in random order, as stored, or drawn with replacement.' },
  format: { kind: 'choice', options: STORAGES, default: 'masked', advanced: true, label: 'Storage', help: 'masked multiplies all weights of a layer, csr only the active ones, auto takes what measures faster; the numbers are the same to the bit.' },
  entry: { kind: 'choice', options: ['keep', 'lift', 'prune', 'rewind', 'prune-rewind'] satisfies Phase['entry'][], default: 'keep', advanced: true, label: 'On entry', help: 'Keep the masks, lift them, prune to the first density of the method, rewind weights to their initial values, or both.' },
  optimizerState: { kind: 'choice', options: ['carry', 'reset'] satisfies Phase['optimizerState'][], default: 'carry', advanced: true, label: 'Optimizer state', help: 'Carried over from the phase before, or started anew.' },
  accumulate: { kind: 'integer', min: 1, max: MAX_MICRO_BATCHES, default: 1, advanced: true, label: 'Micro-batches', help: 'Parts of a batch whose gradients are summed.' },
  frozen: { kind: 'widths', noun: 'layer', max: MAX_HIDDEN_LAYERS + 1, default: [], advanced: true, label: 'Frozen layers', help: 'Layers, counted from 1, that stay as they are in this phase.' },
} as const satisfies KnobTable;

/** Fields of the experiment itself. */
export const TOP_KNOBS = {
  seed: { kind: 'integer', min: 0, max: 0xffff_ffff, default: 1, label: 'Seed', help: 'Initial weights, masks and the order of examples follow from it.' },
  evaluateEvery: { kind: 'integer', min: 1, max: MAX_STEPS, default: 50, log: true, advanced: true, unit: 'steps', label: 'Evaluate every', help: 'Steps between two evaluations.' },
} as const satisfies KnobTable;

/** What a mask switches as one, for the whole run. */
export const MASKS_KNOBS = {
  granularity: { kind: 'choice', options: GRANULARITIES, default: 'weight', advanced: true, label: 'Mask unit', help: 'What a mask switches as one: a weight, a block, a kernel, a channel, or N of every M weights.' },
  blockSize: { kind: 'choice', where: { path: 'masks.granularity', is: ['block'] }, options: ['4', '8', '16', '32'] satisfies MasksSpec['blockSize'][], default: '16', advanced: true, label: 'Block size', help: 'Rows and columns of a block.' },
  blockScore: { kind: 'choice', where: { path: 'masks.granularity', is: ['block', 'kernel', 'channel', 'nm'] }, options: GROUP_SCORES, default: 'mean', advanced: true, label: 'Unit score', help: 'A unit of several weights ranks by the mean or the largest of theirs.' },
  n: { kind: 'integer', where: { path: 'masks.granularity', is: ['nm'] }, min: 1, max: LARGEST_M, default: 2, label: 'N', help: 'Weights kept of every M.' },
  m: { kind: 'integer', where: { path: 'masks.granularity', is: ['nm'] }, min: 1, max: LARGEST_M, default: 4, label: 'M', help: 'Neighbours that N are kept of.' },
  axis: { kind: 'choice', where: { path: 'masks.granularity', is: ['nm'] }, options: AXES, default: 'in', label: 'Along', help: 'Neighbours are inputs of an output, outputs of an input, or both: transposable.' },
  share: { kind: 'choice', where: { path: 'masks.granularity', is: ['nm'] }, options: SHARES, default: '1', label: 'Shared by', help: 'Outputs (or inputs) with one pattern.' },
  mlp: { kind: 'flag', where: { path: 'model.kind', is: ['transformer'] }, default: true, advanced: true, label: 'Masks in perceptrons', help: 'Perceptrons of the blocks have masks.' },
  query: { kind: 'flag', where: { path: 'model.kind', is: ['transformer'] }, default: true, advanced: true, label: 'Masks in queries', help: 'Products that make queries have masks.' },
  key: { kind: 'flag', where: { path: 'model.kind', is: ['transformer'] }, default: true, advanced: true, label: 'Masks in keys', help: 'Products that make keys have masks.' },
  value: { kind: 'flag', where: { path: 'model.kind', is: ['transformer'] }, default: true, advanced: true, label: 'Masks in values', help: 'Products that make values have masks.' },
  out: { kind: 'flag', where: { path: 'model.kind', is: ['transformer'] }, default: true, advanced: true, label: 'Masks behind attention', help: 'Products behind the heads have masks.' },
  embedding: { kind: 'flag', where: { path: 'model.kind', is: ['transformer'] }, default: false, advanced: true, label: 'Masks in the embedding', help: 'The table of characters has a mask.' },
  head: { kind: 'flag', where: { path: 'model.kind', is: ['transformer'] }, default: false, advanced: true, label: 'Masks in the head', help: 'A head of its own has a mask.' },
} as const satisfies KnobTable;

/** Control networks trained beside the main one. */
export const BESIDE_KNOBS = {
  random: { kind: 'flag', default: true, advanced: true, label: 'Random mask beside', help: 'Also train a fixed random mask of the same final density, on the same batches.' },
  dense: { kind: 'flag', default: true, advanced: true, label: 'Dense twin beside', help: 'Also train the dense network, on the same batches.' },
} as const satisfies KnobTable;

/** Number of phases, as a setting of links: a phase that is added begins as a copy of the last. */
export const PHASES_KNOB = { kind: 'integer', min: 1, max: MAX_PHASES, default: 1, label: 'Phases', help: 'Stretches of training with a method and an optimizer of their own.' } as const satisfies Knob;

/** The method of a phase. */
export const METHOD_KNOB = { kind: 'choice', options: Object.keys(METHODS), default: 'dense', label: 'Method', help: 'How the masks begin and change.' } as const satisfies Knob;

/** Paths of the knobs that act on a running experiment in a phase: `optimizer.rate`, and those marked live on the method's card. */
export function liveKnobs(phase: Pick<Phase, 'sparsity'>): ReadonlyMap<string, Knob> {
  const found = new Map<string, Knob>();
  const collect = (prefix: string, table: KnobTable): void => {
    for (const [key, knob] of Object.entries(table)) if (knob.live) found.set(`${prefix}.${key}`, knob);
  };
  collect('optimizer', OPTIMIZER_KNOBS);
  collect('sparsity', methodKnobs(phase.sparsity.method));
  return found;
}

/** Knobs of a method's card; none for an unknown method. */
export function methodKnobs(method: string): KnobTable {
  return Object.hasOwn(METHODS, method) ? METHODS[method as keyof typeof METHODS].card.knobs : {};
}

/** Parameters of a perceptron with these hidden widths, 784 inputs and 10 outputs, biases and norms included. */
export function countParameters(hidden: readonly number[]): number {
  const widths = [784, ...hidden, 10];
  return widths.slice(1).reduce((sum, out, l) => sum + out * ((widths[l] ?? 0) + 3), 0);
}

/** Parameters of a transformer with the largest vocabulary, positions and norms included. */
export function countTransformer({ depth, width, feedForward }: Pick<ModelSpec, 'depth' | 'width' | 'feedForward'>, context: number): number {
  return depth * (4 * width * width + 3 * width * feedForward + 4 * width) + (2 * 256 + context + 2) * width;
}

/** Bytes of the largest activation of a cnn: pictures of 28 x 28, in batches as large as those of a step or an evaluation. */
export function activationBytes(channels: readonly number[], batch: number): number {
  return Math.max(0, ...channels.map((count, l) => 4 * count * Math.max(1, 28 >> l) ** 2 * Math.max(batch, EVALUATION_BATCH)));
}
