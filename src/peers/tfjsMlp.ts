/*
 * Nothing imports this file statically but the worker's bundle and the Node loader: it brings all of TensorFlow.js.
 * Gradients do not register themselves in the core package, kernels do in the backend's.
 */
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import {
  add, cast, findBackendFactory, keep, losses, matMul, oneHot, registerBackend, relu, removeBackend, type Scalar, setBackend, tensor1d, type Tensor2D, tensor2d, tidy, train, transpose, variable, type Variable,
} from '@tensorflow/tfjs-core';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { PeerMlp, PeerStart } from './peer.ts';

/** The name that the package's kernels are registered for. */
const BACKEND = 'webgpu';
let open = false;

/**
 * The MLP on TensorFlow.js's WebGPU backend, on a device of its own. One at a time: its engine is global.
 * `navigator.gpu` must be there before this file is imported.
 * @throws Error where there is no adapter, or another peer is still open.
 */
export async function createTfjsMlp(gpu: GPU, start: PeerStart): Promise<PeerMlp> {
  if (open) throw new Error('TensorFlow.js already trains a network; destroy it first.');
  const backend = await openBackend(gpu);
  open = true;
  const { widths, rate } = start;
  // The library's own layout: x (batch, in) times w (in, out).
  const kernels = start.weights.map((w, l) => variable(tidy(() => transpose(tensor2d(w, [widths[l + 1] as number, widths[l] as number])))));
  const biases = start.biases.map((b) => variable(tensor1d(b)));
  const optimizer = train.sgd(rate);
  let batch: { x: Tensor2D; y: Tensor2D } | undefined;
  let last: Scalar | undefined;

  const dropBatch = (): void => {
    batch?.x.dispose();
    batch?.y.dispose();
  };
  const lossOf = (x: Tensor2D, y: Tensor2D): Scalar => {
    let h = x;
    kernels.forEach((w, l) => {
      h = add(matMul(h, w), biases[l] as Variable);
      if (l < kernels.length - 1) h = relu(h);
    });
    return losses.softmaxCrossEntropy(y, h) as Scalar;
  };

  return {
    setBatch(x, labels) {
      dropBatch();
      const [features, classes] = [widths[0] as number, widths.at(-1) as number];
      batch = { x: tensor2d(x, [labels.length, features]), y: tidy(() => cast(oneHot(tensor1d(labels, 'int32'), classes), 'float32') as Tensor2D) };
    },
    step() {
      if (!batch) throw new Error('Give the peer a batch before a step.');
      const { x, y } = batch;
      last?.dispose();
      const loss = optimizer.minimize(() => lossOf(x, y), true);
      if (!loss) throw new Error('TensorFlow.js gave no loss.');
      last = keep(loss);
    },
    async wait() {
      backend.endComputePassEncoder();
      backend.submitQueue();
      await backend.device.queue.onSubmittedWorkDone();
    },
    async loss() {
      const [value] = last ? await last.data() : [];
      if (value === undefined) throw new Error('There is no loss before the first step.');
      return value;
    },
    destroy() {
      dropBatch();
      [last, ...kernels, ...biases, optimizer].forEach((held) => held?.dispose());
      removeBackend(BACKEND);
      backend.device.destroy();
      open = false;
    },
  };
}

/** The stock registration asks for features in a nested list, which not every implementation takes; so by hand. */
async function openBackend(gpu: GPU): Promise<WebGPUBackend> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('There is no WebGPU adapter for TensorFlow.js.');
  const { maxComputeWorkgroupStorageSize, maxComputeInvocationsPerWorkgroup, maxComputeWorkgroupSizeX, maxStorageBufferBindingSize, maxBufferSize } = adapter.limits;
  const device = await adapter.requestDevice({
    requiredLimits: { maxComputeWorkgroupStorageSize, maxComputeInvocationsPerWorkgroup, maxComputeWorkgroupSizeX, maxStorageBufferBindingSize, maxBufferSize },
  });
  const backend = new WebGPUBackend(device, adapter.info);
  if (findBackendFactory(BACKEND)) removeBackend(BACKEND);
  registerBackend(BACKEND, () => backend);
  await setBackend(BACKEND);
  return backend;
}
