import {
  add, batchNorm, conv2d, matMul, maxPool, moments, relu, reshape, type Tensor, tensor1d, type Tensor2D, type Tensor4D, tensor4d, tidy, transpose, variable, type Variable,
} from '@tensorflow/tfjs-core';
import { type PeerCnnStart, type PeerNetwork, peerPictures } from './peer.ts';
import { createTfjsNetwork } from './tfjsNetwork.ts';

/** Rank of a convolution's variable. */
type Kernel = Variable & Tensor4D;

/** The convolutional network on TensorFlow.js; see tfjsNetwork.ts. Pictures and kernels lie as the library likes them: channels last. */
export function createTfjsCnn(gpu: GPU, start: PeerCnnStart): Promise<PeerNetwork> {
  const { convolutions, head, epsilon, optimizer } = start;
  const pictures = peerPictures(start);
  return createTfjsNetwork(gpu, head.classes, optimizer, () => {
    const parameter = (make: () => Tensor): Variable => variable(tidy(make));
    const layers = convolutions.map(({ out, weight, gain, shift }, l) => ({
      kernel: parameter(() => transpose(tensor4d(weight, [out, (pictures[l] as PeerCnnStart['picture']).channels, 3, 3]), [2, 3, 1, 0])) as Kernel,
      gain: parameter(() => tensor1d(gain)), shift: parameter(() => tensor1d(shift)),
    }));
    const { channels, height, width } = pictures.at(-1) as PeerCnnStart['picture'];
    const weight = parameter(() => reshape(transpose(tensor4d(head.weight, [head.classes, channels, height, width]), [2, 3, 1, 0]), [height * width * channels, head.classes]));
    const bias = parameter(() => tensor1d(head.bias));
    return {
      variables: [...layers.flatMap(({ kernel, gain, shift }) => [kernel, gain, shift]), weight, bias],
      input({ x, labels }) {
        const { picture } = start;
        return transpose(tensor4d(x, [labels.length, picture.channels, picture.height, picture.width]), [0, 2, 3, 1]);
      },
      logits(x) {
        let h = x as Tensor4D;
        for (const { kernel, gain, shift } of layers) {
          h = conv2d(h, kernel, 1, 'same');
          const { mean, variance } = moments(h, [0, 1, 2]);
          h = maxPool(relu(batchNorm(h, mean as Variable, variance as Variable, shift, gain, epsilon) as Tensor4D), 2, 2, 'valid');
        }
        return add(matMul(reshape(h, [h.shape[0], height * width * channels]) as Tensor2D, weight as Variable & Tensor2D), bias) as Tensor2D;
      },
    };
  });
}
