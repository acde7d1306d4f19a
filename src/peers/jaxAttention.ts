import { blockUntilReady, defaultDevice, init, jit, nn, numpy as np, vjp } from '@jax-js/jax';
import type { PeerAttention, PeerWork } from './peer.ts';

/** Added to scores of keys that a query must not see. */
const UNSEEN = -1e9;

/**
 * Causal attention and its gradients by jax-js, in one jitted function on its WebGPU backend; made of products and a softmax,
 * as its own `dotProductAttention` is, whose einsum needs a newer Node than ours. @throws Error where it finds no WebGPU.
 */
export async function createJaxAttention({ heads, width, sequences, context, q, k, v, dy }: PeerAttention): Promise<PeerWork> {
  if (!(await init('webgpu')).includes('webgpu')) throw new Error('jax-js found no WebGPU.');
  defaultDevice('webgpu');
  // (sequences, heads, context, width), made once.
  const given = [q, k, v, dy].map((values) => np.array(turned(values, heads * width, sequences * context)).reshape([sequences, context, heads, width]).transpose([0, 2, 1, 3]));
  const unseen = np.array(Float32Array.from({ length: context * context }, (_, i) => (i % context > Math.floor(i / context) ? UNSEEN : 0))).reshape([context, context]);
  const attended = (a: np.Array, b: np.Array, c: np.Array): np.Array =>
    np.matmul(nn.softmax(np.matmul(a, b.transpose([0, 1, 3, 2])).mul(1 / Math.sqrt(width)).add(unseen.ref), -1), c);
  const both = jit((a: np.Array, b: np.Array, c: np.Array, slope: np.Array): np.Array[] => {
    const [y, back] = vjp(attended, [a, b, c]);
    const found = back(slope) as np.Array[];
    back.dispose();
    return [y, ...found];
  });
  let last: np.Array[] = [];
  return {
    step() {
      last.forEach((held) => held.dispose());
      last = both(...(given.map((array) => array.ref) as [np.Array, np.Array, np.Array, np.Array])) as np.Array[];
    },
    async wait() {
      await blockUntilReady(last);
    },
    async result() {
      const parts = await Promise.all(last.map(async (array) => turned((await array.ref.transpose([0, 2, 1, 3]).data()) as Float32Array, sequences * context, heads * width)));
      return Float32Array.from(parts.flatMap((part) => [...part]));
    },
    destroy() {
      [...last, ...given, unseen].forEach((held) => held.dispose());
      both.dispose();
    },
  };
}

/** A matrix of so many rows and columns with its columns as rows. */
function turned(values: Float32Array, rows: number, columns: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: rows * columns }, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)] as number);
}
