/*
 * Nothing imports this file statically but the worker's bundle and the Node loader: it brings all of TensorFlow.js.
 * Gradients do not register themselves in the core package, kernels do in the backend's.
 */
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { cast, keep, losses, oneHot, type Scalar, type Tensor, tensor1d, type Tensor2D, tidy, train, type Variable } from '@tensorflow/tfjs-core';
import type { PeerBatch, PeerNetwork, PeerOptimizer } from './peer.ts';
import { openTfjsBackend } from './tfjsBackend.ts';

/** What makes a network out of variables. It is made when the backend is open. */
export interface TfjsModel {
  variables: readonly Variable[];
  /** A batch as the library likes it. */
  input(batch: PeerBatch): Tensor;
  /** Logits (batch, classes). */
  logits(x: Tensor): Tensor2D;
}

/**
 * Trains a model on TensorFlow.js's WebGPU backend, on a device of its own. One at a time: its engine is global.
 * `navigator.gpu` must be there before this file is imported.
 * @throws Error where there is no adapter, or another peer is still open.
 */
export async function createTfjsNetwork(gpu: GPU, classes: number, rule: PeerOptimizer, create: () => TfjsModel): Promise<PeerNetwork> {
  const backend = await openTfjsBackend(gpu);
  const model = create();
  const optimizer = optimizerOf(rule);
  let batches: { x: Tensor; y: Tensor2D }[] = [];
  let steps = 0;
  let last: Scalar | undefined;
  const dropBatches = (): void => batches.splice(0).forEach(({ x, y }) => [x, y].forEach((held) => held.dispose()));
  return {
    setBatches(given) {
      dropBatches();
      batches = given.map((batch) => ({
        x: tidy(() => model.input(batch)), y: tidy(() => cast(oneHot(tensor1d(batch.labels, 'int32'), classes), 'float32') as Tensor2D),
      }));
      steps = 0;
    },
    step() {
      const batch = batches[steps++ % batches.length];
      if (!batch) throw new Error('Give the peer a batch before a step.');
      last?.dispose();
      const loss = optimizer.minimize(() => losses.softmaxCrossEntropy(batch.y, model.logits(batch.x)) as Scalar, true);
      if (!loss) throw new Error('TensorFlow.js gave no loss.');
      last = keep(loss);
    },
    wait: () => backend.wait(),
    async loss() {
      const [value] = last ? await last.data() : [];
      if (value === undefined) throw new Error('There is no loss before the first step.');
      return value;
    },
    destroy() {
      dropBatches();
      [last, ...model.variables, optimizer].forEach((held) => held?.dispose());
      backend.close();
    },
  };
}

function optimizerOf(spec: PeerOptimizer) {
  return spec.name === 'sgd' ? train.sgd(spec.rate) : train.adam(spec.rate, spec.beta1, spec.beta2, spec.epsilon);
}
