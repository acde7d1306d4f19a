import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { add, concat, grads, keep, matMul, mul, reshape, softmax, type Tensor, tensor, tensor2d, tidy, transpose } from '@tensorflow/tfjs-core';
import type { PeerAttention, PeerWork } from './peer.ts';
import { openTfjsBackend } from './tfjsBackend.ts';

/** Added to scores of keys that a query must not see. */
const UNSEEN = -1e9;

/** Causal attention and its gradients on the WebGPU backend, on a device of its own. @throws Error where the backend cannot be opened. */
export async function createTfjsAttention(gpu: GPU, { heads, width, sequences, context, ...inputs }: PeerAttention): Promise<PeerWork> {
  const backend = await openTfjsBackend(gpu);
  // The library's own layout: (sequences, heads, context, width).
  const [q, k, v, dy] = [inputs.q, inputs.k, inputs.v, inputs.dy].map((values) => tidy(() => transpose(tensor(values, [heads, width, sequences, context]), [2, 0, 3, 1]))) as [Tensor, Tensor, Tensor, Tensor];
  const unseen = tensor2d(Float32Array.from({ length: context * context }, (_, i) => (i % context > Math.floor(i / context) ? UNSEEN : 0)), [context, context]);
  let y: Tensor | undefined;
  const attended = (a: Tensor, b: Tensor, c: Tensor): Tensor => {
    // The library gives gradients only, and drops what they were made from.
    y = keep(matMul(softmax(add(mul(matMul(a, b, false, true), 1 / Math.sqrt(width)), unseen)), c));
    return y;
  };
  const gradients = grads(attended as (...x: Tensor[]) => Tensor);
  let last: Tensor[] = [];
  return {
    step() {
      last.forEach((held) => held.dispose());
      const found = gradients([q, k, v], dy);
      last = [y as Tensor, ...found];
    },
    wait: () => backend.wait(),
    async result() {
      const all = tidy(() => concat(last.map((held) => reshape(transpose(held, [1, 3, 0, 2]), [-1]))));
      const values = (await all.data()) as Float32Array;
      all.dispose();
      return values;
    },
    destroy() {
      [...last, q, k, v, dy, unseen].forEach((held) => held.dispose());
      backend.close();
    },
  };
}
