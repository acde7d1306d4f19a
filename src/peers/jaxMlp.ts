import { blockUntilReady, defaultDevice, init, jit, nn, numpy as np, valueAndGrad } from '@jax-js/jax';
import type { PeerMlp, PeerStart } from './peer.ts';

type Layer = { w: np.Array; b: np.Array };
type Params = Layer[];
/** Adam's two moments, and its two rates of decay to the power of the steps so far; empty for SGD. */
type Slots = { mean: Params; square: Params; decays: np.Array[] };

/**
 * The MLP in jax-js on its WebGPU backend: loss, gradients and update in one jitted function, as its documentation
 * advises. It takes its device from `navigator.gpu`.
 * @throws Error where it finds no WebGPU.
 */
export async function createJaxMlp({ widths, weights, biases, optimizer }: PeerStart): Promise<PeerMlp> {
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
  const update = updateOf(optimizer);
  const trainStep = jit((params: Params, slots: Slots, x: np.Array, y: np.Array): [np.Array, Params, Slots] => {
    const [loss, gradients] = valueAndGrad(lossOf)(params.map(({ w, b }) => ({ w: w.ref, b: b.ref })), x, y) as [np.Array, Params];
    return [loss, ...update(params, gradients, slots)];
  });

  // The library's own layout: x (batch, in) times w (in, out).
  let params: Params = weights.map((w, l) => {
    const [out, inner] = [widths[l + 1] as number, widths[l] as number];
    const turned = new Float32Array(w.length);
    for (let o = 0; o < out; o++) for (let i = 0; i < inner; i++) turned[i * out + o] = w[o * inner + i] as number;
    return { w: np.array(turned).reshape([inner, out]), b: np.array(Float32Array.from(biases[l] as Float32Array)) };
  });
  let slots: Slots = optimizer.name === 'sgd' ? { mean: [], square: [], decays: [] } : {
    mean: params.map(zerosLike), square: params.map(zerosLike), decays: [1, 1].map((one) => np.array(Float32Array.of(one))),
  };
  let batches: { x: np.Array; y: np.Array }[] = [];
  let steps = 0;
  let last: np.Array | undefined;

  return {
    setBatches(given) {
      batches.splice(0).forEach(({ x, y }) => [x, y].forEach((held) => held.dispose()));
      batches = given.map(({ x, labels }) => {
        const hot = new Float32Array(labels.length * classes);
        labels.forEach((label, i) => (hot[i * classes + label] = 1));
        return { x: np.array(Float32Array.from(x)).reshape([labels.length, widths[0] as number]), y: np.array(hot).reshape([labels.length, classes]) };
      });
      steps = 0;
    },
    step() {
      const batch = batches[steps++ % batches.length];
      if (!batch) throw new Error('Give the peer a batch before a step.');
      last?.dispose();
      [last, params, slots] = trainStep(params, slots, batch.x.ref, batch.y.ref) as [np.Array, Params, Slots];
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
      const moments = [...tensorsOf(slots.mean), ...tensorsOf(slots.square), ...slots.decays];
      [last, ...batches.flatMap(({ x, y }) => [x, y]), ...tensorsOf(params), ...moments].forEach((held) => held?.dispose());
      trainStep.dispose();
    },
  };
}

const tensorsOf = (params: Params): np.Array[] => params.flatMap(({ w, b }) => [w, b]);

function zerosLike({ w, b }: Layer): Layer {
  return { w: np.zeros(w.shape), b: np.zeros(b.shape) };
}

/** The optimizer's rule over all layers; it consumes what it is given. */
function updateOf(optimizer: PeerStart['optimizer']): (params: Params, gradients: Params, slots: Slots) => [Params, Slots] {
  const { rate } = optimizer;
  const each = (params: Params, rule: (l: number, key: keyof Layer) => np.Array): Params => params.map((_, l) => ({ w: rule(l, 'w'), b: rule(l, 'b') }));
  const at = (params: Params, l: number, key: keyof Layer): np.Array => (params[l] as Layer)[key];
  if (optimizer.name === 'sgd') return (params, gradients, slots) => [each(params, (l, key) => at(params, l, key).sub(at(gradients, l, key).mul(rate))), slots];
  const { beta1, beta2, epsilon } = optimizer;
  return (params, gradients, slots) => {
    const [decay1, decay2] = [beta1, beta2].map((beta, i) => (slots.decays[i] as np.Array).mul(beta)) as [np.Array, np.Array];
    const mean = each(params, (l, key) => at(slots.mean, l, key).mul(beta1).add(at(gradients, l, key).ref.mul(1 - beta1)));
    const square = each(params, (l, key) => at(slots.square, l, key).mul(beta2).add(np.square(at(gradients, l, key)).mul(1 - beta2)));
    const moved = each(params, (l, key) => {
      const [m, v] = [at(mean, l, key).ref.div(np.subtract(1, decay1.ref)), at(square, l, key).ref.div(np.subtract(1, decay2.ref))];
      return at(params, l, key).sub(m.div(np.sqrt(v).add(epsilon)).mul(rate));
    });
    return [moved, { mean, square, decays: [decay1, decay2] }];
  };
}
