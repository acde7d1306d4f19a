import { matMul, type Tensor, tensor2d, type Tensor2D } from '@tensorflow/tfjs-core';
import type { PeerFactors, PeerWork } from './peer.ts';
import { openTfjsBackend } from './tfjsBackend.ts';

/** `tf.matMul` on the WebGPU backend, on a device of its own. @throws Error where the backend cannot be opened. */
export async function createTfjsMatmul(gpu: GPU, { size, left, rights }: PeerFactors): Promise<PeerWork> {
  const backend = await openTfjsBackend(gpu);
  const matrix = (values: Float32Array): Tensor2D => tensor2d(values, [size, size]);
  const [a, bs] = [matrix(left), rights.map(matrix)];
  let last: Tensor | undefined;
  let steps = 0;
  return {
    step() {
      last?.dispose();
      last = matMul(a, bs[steps++ % bs.length] as Tensor2D);
    },
    wait: () => backend.wait(),
    async result() {
      if (!last) throw new Error('There is no product before the first step.');
      return (await last.data()) as Float32Array;
    },
    destroy() {
      [last, a, ...bs].forEach((held) => held?.dispose());
      backend.close();
    },
  };
}
