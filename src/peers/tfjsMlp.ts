import { add, matMul, relu, tensor1d, type Tensor2D, tensor2d, tidy, transpose, variable, type Variable } from '@tensorflow/tfjs-core';
import type { PeerNetwork, PeerStart } from './peer.ts';
import { createTfjsNetwork } from './tfjsNetwork.ts';

/** The MLP on TensorFlow.js; see tfjsNetwork.ts. */
export function createTfjsMlp(gpu: GPU, { widths, weights, biases, optimizer }: PeerStart): Promise<PeerNetwork> {
  return createTfjsNetwork(gpu, widths.at(-1) as number, optimizer, () => {
    // The library's own layout: x (batch, in) times w (in, out).
    const kernels = weights.map((w, l) => variable(tidy(() => transpose(tensor2d(w, [widths[l + 1] as number, widths[l] as number])))));
    const shifts = biases.map((b) => variable(tensor1d(b)));
    return {
      variables: [...kernels, ...shifts],
      input: ({ x, labels }) => tensor2d(x, [labels.length, widths[0] as number]),
      logits: (x) => kernels.reduce((h, w, l) => {
        const product = add(matMul(h, w), shifts[l] as Variable) as Tensor2D;
        return l < kernels.length - 1 ? relu(product) : product;
      }, x as Tensor2D),
    };
  });
}
