import { blockUntilReady, defaultDevice, init, jit, nn, numpy as np, valueAndGrad } from '@jax-js/jax';
import type { PeerMlp, PeerStart } from './peer.ts';

type Layer = { w: np.Array; b: np.Array };
type Params = Layer[];

/**
 * The MLP in jax-js on its WebGPU backend: loss, gradients and update in one jitted function, as its documentation
 * advises. It takes its device from `navigator.gpu`.
 * @throws Error where it finds no WebGPU.
 */
export async function createJaxMlp({ widths, weights, biases, rate }: PeerStart): Promise<PeerMlp> {
  if (!(await init('webgpu')).includes('webgpu')) throw new Error('jax-js found no WebGPU.');
  defaultDevice('webgpu');
  const classes = widths.at(-1) as number;

  const lossOf = (params: Params, x: np.Array, y: np.Array): np.Array => {
    let h = x;
    params.forEach(({ w, b }, l) => {
      h = np.matmul(h, w).add(b);
      if (l < params.length - 1) h = nn.relu(h);
    });
    return nn.logSoftmax(h).mul(y).sum(-1).mean().neg();
  };
  const trainStep = jit((params: Params, x: np.Array, y: np.Array): [np.Array, Params] => {
    const [loss, gradients] = valueAndGrad(lossOf)(params.map(({ w, b }) => ({ w: w.ref, b: b.ref })), x, y) as [np.Array, Params];
    return [loss, params.map(({ w, b }, l) => {
      const g = gradients[l] as Layer;
      return { w: w.sub(g.w.mul(rate)), b: b.sub(g.b.mul(rate)) };
    })];
  });

  // The library's own layout: x (batch, in) times w (in, out).
  let params: Params = weights.map((w, l) => {
    const [out, inner] = [widths[l + 1] as number, widths[l] as number];
    const turned = new Float32Array(w.length);
    for (let o = 0; o < out; o++) for (let i = 0; i < inner; i++) turned[i * out + o] = w[o * inner + i] as number;
    return { w: np.array(turned).reshape([inner, out]), b: np.array(Float32Array.from(biases[l] as Float32Array)) };
  });
  let batch: { x: np.Array; y: np.Array } | undefined;
  let last: np.Array | undefined;

  return {
    setBatch(x, labels) {
      batch?.x.dispose();
      batch?.y.dispose();
      const hot = new Float32Array(labels.length * classes);
      labels.forEach((label, i) => (hot[i * classes + label] = 1));
      batch = { x: np.array(Float32Array.from(x)).reshape([labels.length, widths[0] as number]), y: np.array(hot).reshape([labels.length, classes]) };
    },
    step() {
      if (!batch) throw new Error('Give the peer a batch before a step.');
      last?.dispose();
      const [loss, next] = trainStep(params, batch.x.ref, batch.y.ref) as [np.Array, Params];
      last = loss;
      params = next;
    },
    async wait() {
      await blockUntilReady(params);
    },
    async loss() {
      const [value] = last ? await last.ref.data() : [];
      if (value === undefined) throw new Error('There is no loss before the first step.');
      return value;
    },
    destroy() {
      [last, batch?.x, batch?.y, ...params.flatMap(({ w, b }) => [w, b])].forEach((held) => held?.dispose());
      trainStep.dispose();
    },
  };
}
