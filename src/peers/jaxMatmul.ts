import { blockUntilReady, defaultDevice, init, jit, numpy as np } from '@jax-js/jax';
import type { PeerFactors, PeerWork } from './peer.ts';

/** A jitted `matmul` of jax-js on its WebGPU backend. @throws Error where it finds no WebGPU. */
export async function createJaxMatmul({ size, left, rights }: PeerFactors): Promise<PeerWork> {
  if (!(await init('webgpu')).includes('webgpu')) throw new Error('jax-js found no WebGPU.');
  defaultDevice('webgpu');
  const matrix = (values: Float32Array): np.Array => np.array(Float32Array.from(values)).reshape([size, size]);
  const product = jit((a: np.Array, b: np.Array): np.Array => np.matmul(a, b));
  const [a, bs] = [matrix(left), rights.map(matrix)];
  let last: np.Array | undefined;
  let steps = 0;
  return {
    step() {
      last?.dispose();
      last = product(a.ref, (bs[steps++ % bs.length] as np.Array).ref) as np.Array;
    },
    async wait() {
      if (last) await blockUntilReady(last);
    },
    async result() {
      if (!last) throw new Error('There is no product before the first step.');
      return (await last.ref.data()) as Float32Array;
    },
    destroy() {
      [last, a, ...bs].forEach((held) => held?.dispose());
      product.dispose();
    },
  };
}
