import { nn, numpy as np } from '@jax-js/jax';
import { createJaxNetwork } from './jaxNetwork.ts';
import type { PeerNetwork, PeerStart } from './peer.ts';

/** The MLP in jax-js; see jaxNetwork.ts. */
export function createJaxMlp({ widths, weights, biases, optimizer }: PeerStart): Promise<PeerNetwork> {
  return createJaxNetwork(widths.at(-1) as number, optimizer, () => ({
    // The library's own layout: x (batch, in) times w (in, out).
    params: weights.map((w, l) => {
      const [out, inner] = [widths[l + 1] as number, widths[l] as number];
      const turned = new Float32Array(w.length);
      for (let o = 0; o < out; o++) for (let i = 0; i < inner; i++) turned[i * out + o] = w[o * inner + i] as number;
      return { w: np.array(turned).reshape([inner, out]), b: np.array(Float32Array.from(biases[l] as Float32Array)) };
    }),
    input: ({ x, labels }) => np.array(Float32Array.from(x)).reshape([labels.length, widths[0] as number]),
    logits: (params, x) => params.reduce((h, { w, b }, l) => {
      const product = np.matmul(h, w as np.Array).add(b as np.Array);
      return l < params.length - 1 ? nn.relu(product) : product;
    }, x),
  }));
}
