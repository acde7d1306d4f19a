/** A dense MLP with ReLU between its layers, as Sparseland starts it: what a peer needs to train the same network. */
export interface PeerStart {
  /** Input, hidden and output widths. */
  widths: readonly number[];
  /** One a layer, [out, in] row by row. */
  weights: readonly Float32Array[];
  biases: readonly Float32Array[];
  optimizer: PeerOptimizer;
}

/** Plain SGD, or Adam (Kingma, Ba 2014) with corrected moments; no decay. */
export type PeerOptimizer = { name: 'sgd'; rate: number } | { name: 'adam'; rate: number; beta1: number; beta2: number; epsilon: number };

/**
 * A dense convolutional network as Sparseland starts it: 3 x 3 convolutions that keep the size, each followed by batch
 * norm, ReLU and 2 x 2 max pooling (an odd row or column at the end is left out), and a linear layer.
 */
export interface PeerCnnStart {
  picture: { channels: number; height: number; width: number };
  /** Weights [out, in, 3, 3] row by row, gains and shifts [out] of the norm. */
  convolutions: readonly { out: number; weight: Float32Array; gain: Float32Array; shift: Float32Array }[];
  /** Weights [classes, channels, height, width] row by row, and biases. */
  head: { classes: number; weight: Float32Array; bias: Float32Array };
  /** Added to the variance of the batch. */
  epsilon: number;
  optimizer: PeerOptimizer;
}

/**
 * A decoder-only transformer over characters as Sparseland starts it: learned positions, layer norm before each branch, GELU
 * by its tanh form, no biases in linear layers, the embedding's table as head.
 */
export interface PeerTransformerStart {
  vocabulary: number;
  context: number;
  depth: number;
  width: number;
  heads: number;
  /** Parameters by the names that Sparseland gives them, in its order; weights [out, in] row by row. */
  tensors: ReadonlyMap<string, { shape: readonly number[]; values: Float32Array }>;
  /** Added to the variance of a token's features. */
  epsilon: number;
  optimizer: PeerOptimizer;
}

/** Sizes of the pictures that each convolution sees, and behind them those that the head sees. */
export function peerPictures({ picture, convolutions }: Pick<PeerCnnStart, 'picture' | 'convolutions'>): PeerCnnStart['picture'][] {
  const seen = [picture];
  for (const { out } of convolutions) {
    const { height, width } = seen.at(-1) as PeerCnnStart['picture'];
    seen.push({ channels: out, height: height >> 1, width: width >> 1 });
  }
  return seen;
}

/** Examples of one step: x [batch, features] row by row, and a class for each row; of a text codes [batch, context], and the next code behind each. */
export interface PeerBatch {
  x: Float32Array;
  labels: Int32Array;
}

/** The same network trained by another library: the yardstick for results and for speed. */
export interface PeerNetwork {
  /** Puts batches on the device; later steps use them in turn, from the first on. */
  setBatches(batches: readonly PeerBatch[]): void;
  /** Queues a step of mean cross-entropy and the optimizer. */
  step(): void;
  /** Resolves when the device has done all steps. */
  wait(): Promise<void>;
  /** Loss of the last step, taken before its update. */
  loss(): Promise<number>;
  destroy(): void;
}

/** Square matrices, row by row: one left factor, and right ones that take turns. */
export interface PeerFactors {
  size: number;
  left: Float32Array;
  rights: readonly Float32Array[];
}

/** What causal attention and its gradients are computed from: q, k, v and the gradient that arrives, each [heads, width, sequences, context] row by row. */
export interface PeerAttention {
  heads: number;
  /** Features of a head. */
  width: number;
  sequences: number;
  /** Tokens of a sequence. */
  context: number;
  q: Float32Array;
  k: Float32Array;
  v: Float32Array;
  dy: Float32Array;
}

/** One piece of work by another library. */
export interface PeerWork {
  /** Queues it, on the next of its inputs where several take turns. */
  step(): void;
  wait(): Promise<void>;
  /** What the last execution gave: the product row by row; of attention y, dq, dk and dv one after another, in the order of its inputs. */
  result(): Promise<Float32Array>;
  destroy(): void;
}

/** The libraries that Sparseland is measured beside. */
export const PEER_NAMES = ['tfjs', 'jax'] as const;
/** `tfjs`: TensorFlow.js on its WebGPU backend; `jax`: jax-js on WebGPU. */
export type PeerName = (typeof PEER_NAMES)[number];

/** What another library does here. It opens a device of its own; one network or product at a time. */
export interface PeerLibrary {
  openMlp(start: PeerStart): Promise<PeerNetwork>;
  openCnn(start: PeerCnnStart): Promise<PeerNetwork>;
  /** Absent where the library is not asked for it. */
  openTransformer?(start: PeerTransformerStart): Promise<PeerNetwork>;
  openMatmul(factors: PeerFactors): Promise<PeerWork>;
  openAttention(inputs: PeerAttention): Promise<PeerWork>;
}
