/** A dense MLP with ReLU between its layers, as Sparseland starts it: what a peer needs to train the same network. */
export interface PeerStart {
  /** Input, hidden and output widths. */
  widths: readonly number[];
  /** One a layer, [out, in] row by row. */
  weights: readonly Float32Array[];
  biases: readonly Float32Array[];
  /** Learning rate of plain SGD. */
  rate: number;
}

/** The same network trained by another library: the yardstick for results and for speed. */
export interface PeerMlp {
  /** Puts a batch on the device: x [batch, features] row by row, and a class for each row. Later steps use it. */
  setBatch(x: Float32Array, labels: Int32Array): void;
  /** Queues a step of mean cross-entropy and SGD. */
  step(): void;
  /** Resolves when the device has done all steps. */
  wait(): Promise<void>;
  /** Loss of the last step, taken before its update. */
  loss(): Promise<number>;
  destroy(): void;
}
