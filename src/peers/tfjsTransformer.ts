import { add, gather, matMul, mean, mul, reshape, rsqrt, softmax, square, sub, tanh, type Tensor, tensor, tensor1d, type Tensor2D, tensor2d, tidy, transpose, variable, type Variable } from '@tensorflow/tfjs-core';
import type { PeerNetwork, PeerTransformerStart } from './peer.ts';
import { createTfjsNetwork } from './tfjsNetwork.ts';

/** Added to scores of keys that a query must not see. */
const UNSEEN = -1e9;
/** Of GELU's tanh form (Hendrycks and Gimpel 2016). */
const GELU = { scale: Math.sqrt(2 / Math.PI), cube: 0.044715 } as const;

/** The transformer on TensorFlow.js; tokens are rows, (sequences x context, width). See tfjsNetwork.ts. */
export function createTfjsTransformer(gpu: GPU, start: PeerTransformerStart): Promise<PeerNetwork> {
  const { vocabulary, context, depth, width, heads, epsilon } = start;
  return createTfjsNetwork(gpu, vocabulary, start.optimizer, () => {
    const variables = new Map([...start.tensors].map(([name, { shape, values }]) => [name, variable(tensor(values, [...shape]))]));
    const of = (name: string): Variable => variables.get(name) as Variable;
    // A model lives as long as the library's device, and so do these.
    const unseen = tensor2d(Float32Array.from({ length: context * context }, (_, i) => (i % context > Math.floor(i / context) ? UNSEEN : 0)), [context, context]);
    const product = (name: string, x: Tensor): Tensor => matMul(x as Tensor2D, of(`${name}.weight`) as unknown as Tensor2D, false, true);
    const normed = (name: string, x: Tensor): Tensor => {
      const centred = sub(x, mean(x, -1, true));
      return add(mul(mul(centred, rsqrt(add(mean(square(centred), -1, true), epsilon))), of(`${name}.gain`)), of(`${name}.shift`));
    };
    const split = (x: Tensor): Tensor => transpose(reshape(x, [-1, context, heads, width / heads]), [0, 2, 1, 3]);
    const attended = (block: string, x: Tensor): Tensor => {
      const [q, k, v] = ['query', 'key', 'value'].map((part) => split(product(`${block}.${part}`, x))) as [Tensor, Tensor, Tensor];
      const seen = matMul(softmax(add(mul(matMul(q, k, false, true), 1 / Math.sqrt(width / heads)), unseen)), v);
      return product(`${block}.out`, reshape(transpose(seen, [0, 2, 1, 3]), [-1, width]));
    };
    const gelu = (x: Tensor): Tensor => mul(mul(x, 0.5), add(tanh(mul(add(x, mul(mul(mul(x, x), x), GELU.cube)), GELU.scale)), 1));
    return {
      variables: [...variables.values()],
      input: ({ x }) => tidy(() => tensor1d(Int32Array.from(x), 'int32')),
      logits: (ids) => {
        const placed = add(reshape(gather(of('embedding.weight'), ids as Tensor<never>), [-1, context, width]), of('positions'));
        let h = reshape(placed, [-1, width]) as Tensor;
        for (let b = 1; b <= depth; b++) {
          h = add(h, attended(`block${b}`, normed(`block${b}.attention`, h)));
          h = add(h, product(`block${b}.down`, gelu(product(`block${b}.up`, normed(`block${b}.mlp`, h)))));
        }
        return product('embedding', normed('last', h)) as Tensor2D;
      },
    };
  });
}
