import { lax, nn, numpy as np } from '@jax-js/jax';
import { createJaxNetwork } from './jaxNetwork.ts';
import { type PeerCnnStart, type PeerNetwork, peerPictures } from './peer.ts';

/** The convolutional network in jax-js; see jaxNetwork.ts. Its convolutions take channels before rows and columns, as ours do. */
export function createJaxCnn(start: PeerCnnStart): Promise<PeerNetwork> {
  const { picture, convolutions, head, epsilon, optimizer } = start;
  const pictures = peerPictures(start);
  const last = pictures.at(-1) as PeerCnnStart['picture'];
  const features = last.channels * last.height * last.width;
  const array = (values: Float32Array, ...shape: number[]): np.Array => np.array(Float32Array.from(values)).reshape(shape);
  return createJaxNetwork(head.classes, optimizer, () => ({
    params: [
      ...convolutions.map(({ out, weight, gain, shift }, l) => ({
        weight: array(weight, out, (pictures[l] as PeerCnnStart['picture']).channels, 3, 3), gain: array(gain, 1, out, 1, 1), shift: array(shift, 1, out, 1, 1),
      })),
      { weight: array(head.weight, head.classes, features), bias: array(head.bias, head.classes) },
    ],
    input: ({ x, labels }) => array(x, labels.length, picture.channels, picture.height, picture.width),
    logits(params, x) {
      const layers = params as Record<string, np.Array>[];
      const [batch] = x.shape as [number];
      let h = x;
      convolutions.forEach((_, l) => {
        const { weight, gain, shift } = layers[l] as Record<'weight' | 'gain' | 'shift', np.Array>;
        const normed = normalise(lax.conv(h, weight, [1, 1], 'SAME'), epsilon).mul(gain).add(shift);
        h = pooled(nn.relu(normed), pictures[l + 1] as PeerCnnStart['picture']);
      });
      const { weight, bias } = layers.at(-1) as Record<'weight' | 'bias', np.Array>;
      return np.matmul(h.reshape([batch, features]), weight.transpose()).add(bias);
    },
  }));
}

/** Mean 0 and variance 1 of each channel over the batch. */
function normalise(h: np.Array, epsilon: number): np.Array {
  const axes = [0, 2, 3];
  const centred = h.ref.sub(h.mean(axes, { keepdims: true }));
  const variance = np.square(centred.ref).mean(axes, { keepdims: true });
  return centred.div(np.sqrt(variance.add(epsilon)));
}

/** The largest of each 2 x 2, as a view with axes of its own for the two places; an odd row or column at the end is left out. */
function pooled(h: np.Array, { channels, height, width }: PeerCnnStart['picture']): np.Array {
  const [batch] = h.shape as [number];
  return h.slice([], [], [0, 2 * height], [0, 2 * width]).reshape([batch, channels, height, 2, width, 2]).max([3, 5]);
}
