import type { Baseline } from '../data/baselines.ts';
import type { AdapterFacts } from '../gpu/device.ts';
import type { Format, Storage } from '../sparsity/formats/index.ts';
import type { ScoreName } from '../sparsity/method.ts';
import type { Experiment } from './experiment.ts';
import type { PassTime, TimeLine } from './storageCost.ts';

export type { AdapterFacts };

/** One parameter tensor as the panels need it; weights are [out, in], row-major. */
export interface LayerFacts {
  /** `fc1`, `fc2`, ..., of convolutions `conv1`, ...: used as prefix of per-layer columns, e.g. `fc1.density`. */
  name: string;
  out: number;
  /** Weights of a unit: inputs, of a convolution times the points of its kernel. */
  in: number;
  /** Height and width of a convolution's kernel; absent for linear layers. */
  kernel?: readonly [number, number] | undefined;
  /** False where the method leaves the layer dense. */
  maskable: boolean;
  /** Where this layer's bits begin in packed masks, in u32 words; bit j of word w is weight 32 w + j of the layer. */
  wordOffset: number;
  words: number;
  activation: string;
}

/** The main network, or a control trained beside it. */
export type ArmId = 'main' | 'random' | 'dense';

/** Theoretical cost of one training step of an arm, and what a dense step would cost; from the program listing. */
export interface CostFacts {
  arm: ArmId;
  dispatches: number;
  flops: number;
  denseFlops: number;
  bytes: number;
  /** Bytes of the arena: planned, live now, and peak. */
  plannedBytes: number;
  peakBytes: number;
  format: Storage;
}

/** How a layer is stored from a step on, and what that was decided by. */
export interface StorageFacts {
  arm: ArmId;
  /** `fc1`, `fc2`, ... */
  layer: string;
  format: Format;
  /** Of the layer's mask, when it was decided. */
  density: number;
  /** Milliseconds that a step spends on the layer in each format, as lines over density; measured on this device. */
  lines: readonly TimeLine[];
  /** The same pass by pass, each run once. */
  passes: readonly PassTime[];
}

/** Rows for one table of the log: all arrays have the same length. */
export interface MetricRows {
  arm: ArmId;
  /** `train`: loss, accuracy, gradNorm, rate; of methods that train weights outside the mask, their factor `beta` and `pull` to 0. `test`: loss, accuracy. `mask`: see MASK_COLUMNS, in total and per layer (`fc1.density`). `gradient`: see GRADIENT_COLUMNS, per layer. */
  table: 'train' | 'test' | 'mask' | 'time' | 'gradient';
  step: Uint32Array;
  columns: Record<string, Float32Array>;
}

/** Columns of the `mask` table; each also per layer with the prefix `<layer>.` Patterns add their `n` and `m`, a mask of its own for the way back its `agreement`, also per layer. */
export const MASK_COLUMNS = [
  'planned', 'density', 'active', 'dropped', 'grown', 'regrown', 'flips', 'itop', 'dead', 'effective',
] as const;

/**
 * Columns of the `gradient` table, at evaluations, each with the prefix `<layer>.`: variance over the weights that train
 * of the newest gradient, as the optimizer is given it, and of Adam's second moment; and where gradients of inputs go
 * through another mask than the forward pass, the cosine of both.
 */
export const GRADIENT_COLUMNS = ['gradientVariance', 'momentVariance', 'cosine'] as const;

/** Packed masks after one update; every array has one bit a weight in the layout of LayerFacts. */
export interface MaskSnapshot {
  arm: ArmId;
  step: number;
  /** 0 for the initial mask, then 1, 2, ... */
  update: number;
  mask: Uint32Array;
  /** The mask before this update; equals `mask` for update 0. */
  previous: Uint32Array;
  /** Weights that were dropped and grown again in this one update. */
  regrown: Uint32Array;
  /** Weights active at any time before this update. */
  fired: Uint32Array;
}

/** How one move of an update ranked its candidates, and how far down it took them. Layers are the maskable ones, in order. */
export interface SlowMove {
  score: ScoreName;
  /** Candidates by their score: `SCORE_BINS` counts a layer (see sparsity/scoreBins.ts). Active ones of a drop, inactive ones of a growth; groups of weights where masks switch these. */
  counts: Uint32Array;
  /** Key of the cut of each layer: candidates with a larger one were taken; see `scoreAtCut`. */
  cuts: Uint32Array;
}

/** One mask update of the main network in slow motion: what it scored, whom it took, and what that did to the loss. */
export interface SlowUpdate {
  /** As of the MaskSnapshot that it made. */
  step: number;
  update: number;
  drop: SlowMove;
  /** Absent where the method does not grow. */
  grow?: SlowMove | undefined;
  /** Packed masks: before the update, of those that the drop left, and after the update. */
  before: Uint32Array;
  kept: Uint32Array;
  after: Uint32Array;
  /** Losses of the batch of this step (of several micro-batches, of the last): before, after the drop, after the update. */
  losses: Float32Array;
}

/** What `inspect` returns: values copied off the device. */
export type Inspection =
  | { what: 'weights'; arm: ArmId; layer: string; values: Float32Array }
  /**
   * The gradients that growth scores by: of the batch of the newest step, or their \`average\` over steps where the method
   * keeps one. \`dense\`: of all weights; otherwise of active ones alone. No values where none were computed.
   */
  | { what: 'gradients'; arm: ArmId; layer: string; average: boolean; dense: boolean; values: Float32Array };

/** What a network that was trained on a text wrote after a step, behind a prompt. */
export interface Written {
  arm: ArmId;
  step: number;
  /** Without the characters that the text does not have. */
  prompt: string;
  text: string;
  temperature: number;
  /** Somebody asked for it; if not, the main network wrote it when it was evaluated. */
  asked: boolean;
}

/** The same few inputs that networks are asked about again and again: what they answer shows how they change. */
export type Probe =
  /** The first test images, 0 the darkest and 255 the brightest pixel of each; the main network alone is asked. */
  | { what: 'images'; width: number; height: number; pixels: Uint8Array; labels: Uint8Array }
  /** The cells of a square grid over a plane of inputs, rows from the top; `reach` is x0, x1, y0, y1. With the first test examples, [example, 2]. Two classes. */
  | { what: 'plane'; side: number; reach: readonly [number, number, number, number]; points: Float32Array; labels: Uint8Array };

/** What a network made of the probe after a step; see `packAnswers` for the bytes. */
export interface Answers {
  arm: ArmId;
  step: number;
  bytes: Uint8Array;
}

/** The state a run can be resumed from, bit for bit. */
export interface CheckpointFile {
  step: number;
  phase: number;
  bytes: Uint8Array;
}

type Body =
  /** Compressed bytes of the data that have come so far; never told of generated sets. */
  | { type: 'loading'; done: number; total: number }
  | { type: 'ready'; adapter: AdapterFacts }
  | { type: 'compiling'; done: number; total: number }
  | { type: 'started'; adapter?: AdapterFacts; experiment: Experiment; layers: readonly LayerFacts[]; arms: readonly ArmId[]; totalSteps: number; cost: readonly CostFacts[]; biases: number; notes: readonly string[]; probe?: Probe | undefined; baselines?: readonly Baseline[] | undefined }
  | { type: 'metrics'; rows: readonly MetricRows[] }
  | { type: 'masks'; snapshot: MaskSnapshot }
  /** With each evaluation, and where a run pauses. */
  | { type: 'answers'; answers: Answers }
  | { type: 'snapshot'; step: number; inspection: Inspection }
  | { type: 'written'; written: Written }
  | { type: 'slowUpdate'; update: SlowUpdate }
  | { type: 'edit'; step: number; path: string; value: number }
  /** Where layers were measured or are stored differently from now on: the numbers of the run stay the same. */
  | { type: 'storage'; step: number; layers: readonly StorageFacts[] }
  | { type: 'phase'; index: number; step: number }
  | { type: 'checkpoint'; checkpoint: CheckpointFile }
  | { type: 'paused'; step: number }
  /** `hash`: sha256 of parameters and masks; `variants`: kernel variant of each dispatch of a step. */
  | { type: 'finished'; step: number; hash: string; variants: Readonly<Record<string, string>> }
  | { type: 'diverged'; step: number; arm: ArmId; layer: string; message: string }
  /** `checkpoint`: the newest state there is, where one was kept. */
  | { type: 'lost'; message: string; checkpoint?: CheckpointFile }
  /** The device was lost, and a new one is being opened. */
  | { type: 'recovering'; message: string }
  /** A run that branches off another is brought to the step `to`, where it becomes its own; `leftMs` is an estimate. */
  | { type: 'replaying'; step: number; to: number; leftMs: number }
  /** The run goes on with a new device, from the state after `step` steps; what was told already is not told again. */
  | { type: 'recovered'; step: number }
  | { type: 'failed'; message: string };

/** Everything a run tells, in order: `seq` grows by one with each event of a run. */
export type RunEvent = { runId: string; seq: number } & Body;
/** A RunEvent before it is numbered. */
export type RunEventBody = Body;

/** What a run can be told while it is under way. */
export type RunCommand =
  | { type: 'pause' }
  | { type: 'resume' }
  /** Pauses, and trains one step more, or `count`. */
  | { type: 'step'; count?: number }
  | { type: 'stop' }
  | { type: 'setKnob'; path: string; value: number }
  /** Tells the weights of a layer, or the gradients that growth scores by. */
  | { type: 'inspect'; what: 'weights' | 'gradients'; arm: ArmId; layer: string }
  /** Answered where the data are a text. */
  | { type: 'write'; arm: ArmId; prompt: string; temperature: number; characters: number }
  /** Trains to the next mask update of the main network at full speed, tells it as a `slowUpdate`, and pauses; where no update follows, only pauses. */
  | { type: 'slowUpdate' }
  | { type: 'checkpoint' }
  /** Steps a second at most; 0 means as fast as the device goes. */
  | { type: 'pace'; stepsPerSecond: number };
