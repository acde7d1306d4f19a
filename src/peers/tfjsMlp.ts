/*
 * Nothing imports this file statically but the worker's bundle and the Node loader: it brings all of TensorFlow.js.
 * Gradients do not register themselves in the core package, kernels do in the backend's.
 */
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import {
  add, cast, keep, losses, matMul, oneHot, relu, type Scalar, tensor1d, type Tensor2D, tensor2d, tidy, train, transpose, variable, type Variable,
} from '@tensorflow/tfjs-core';
import type { PeerMlp, PeerStart } from './peer.ts';
import { openTfjsBackend } from './tfjsBackend.ts';

/**
 * The MLP on TensorFlow.js's WebGPU backend, on a device of its own. One at a time: its engine is global.
 * `navigator.gpu` must be there before this file is imported.
 * @throws Error where there is no adapter, or another peer is still open.
 */
export async function createTfjsMlp(gpu: GPU, start: PeerStart): Promise<PeerMlp> {
  const backend = await openTfjsBackend(gpu);
  const { widths } = start;
  // The library's own layout: x (batch, in) times w (in, out).
  const kernels = start.weights.map((w, l) => variable(tidy(() => transpose(tensor2d(w, [widths[l + 1] as number, widths[l] as number])))));
  const biases = start.biases.map((b) => variable(tensor1d(b)));
  const optimizer = optimizerOf(start.optimizer);
  let batches: { x: Tensor2D; y: Tensor2D }[] = [];
  let steps = 0;
  let last: Scalar | undefined;

  const dropBatches = (): void => batches.splice(0).forEach(({ x, y }) => [x, y].forEach((held) => held.dispose()));
  const lossOf = (x: Tensor2D, y: Tensor2D): Scalar => {
    let h = x;
    kernels.forEach((w, l) => {
      h = add(matMul(h, w), biases[l] as Variable);
      if (l < kernels.length - 1) h = relu(h);
    });
    return losses.softmaxCrossEntropy(y, h) as Scalar;
  };

  return {
    setBatches(given) {
      dropBatches();
      const [features, classes] = [widths[0] as number, widths.at(-1) as number];
      batches = given.map(({ x, labels }) => ({
        x: tensor2d(x, [labels.length, features]), y: tidy(() => cast(oneHot(tensor1d(labels, 'int32'), classes), 'float32') as Tensor2D),
      }));
      steps = 0;
    },
    step() {
      const batch = batches[steps++ % batches.length];
      if (!batch) throw new Error('Give the peer a batch before a step.');
      last?.dispose();
      const loss = optimizer.minimize(() => lossOf(batch.x, batch.y), true);
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
      [last, ...kernels, ...biases, optimizer].forEach((held) => held?.dispose());
      backend.close();
    },
  };
}

function optimizerOf(spec: PeerStart['optimizer']) {
  return spec.name === 'sgd' ? train.sgd(spec.rate) : train.adam(spec.rate, spec.beta1, spec.beta2, spec.epsilon);
}
