import { blockUntilReady, defaultDevice, init, jit, nn, numpy as np, valueAndGrad } from '@jax-js/jax';
import type { PeerBatch, PeerNetwork, PeerOptimizer } from './peer.ts';

/** Parameters by layer and name. */
export type Params = Readonly<Record<string, np.Array>>[];
/** Adam's two moments, and its two rates of decay to the power of the steps so far; empty for SGD. */
type Slots = { mean: Params; square: Params; decays: np.Array[] };

/** What makes a network out of parameters; arrays are consumed where they are used, as everywhere in this library. */
export interface JaxModel {
  params: Params;
  /** A batch as the library likes it. */
  input(batch: PeerBatch): np.Array;
  /** Logits (batch, classes). */
  logits(params: Params, x: np.Array): np.Array;
}

/**
 * Trains a model by jax-js on its WebGPU backend: loss, gradients and update in one jitted function, as its documentation
 * advises. It takes its device from `navigator.gpu`.
 * @throws Error where it finds no WebGPU.
 */
export async function createJaxNetwork(classes: number, optimizer: PeerOptimizer, create: () => JaxModel): Promise<PeerNetwork> {
  if (!(await init('webgpu')).includes('webgpu')) throw new Error('jax-js found no WebGPU.');
  defaultDevice('webgpu');
  const model = create();
  const lossOf = (params: Params, x: np.Array, y: np.Array): np.Array => nn.logSoftmax(model.logits(params, x)).mul(y).sum(-1).mean().neg();
  const update = updateOf(optimizer);
  const trainStep = jit((params: Params, slots: Slots, x: np.Array, y: np.Array): [np.Array, Params, Slots] => {
    const [loss, gradients] = valueAndGrad(lossOf)(mapped(params, (array) => array.ref), x, y) as [np.Array, Params];
    return [loss, ...update(params, gradients, slots)];
  });

  let params = model.params;
  const zeros = (): Params => mapped(params, (array) => np.zeros(array.shape));
  let slots: Slots = optimizer.name === 'sgd' ? { mean: [], square: [], decays: [] } : { mean: zeros(), square: zeros(), decays: [1, 1].map((one) => np.array(Float32Array.of(one))) };
  let batches: { x: np.Array; y: np.Array }[] = [];
  let steps = 0;
  let last: np.Array | undefined;

  return {
    setBatches(given) {
      batches.splice(0).forEach(({ x, y }) => [x, y].forEach((held) => held.dispose()));
      batches = given.map((batch) => {
        const { labels } = batch;
        const hot = new Float32Array(labels.length * classes);
        labels.forEach((label, i) => (hot[i * classes + label] = 1));
        return { x: model.input(batch), y: np.array(hot).reshape([labels.length, classes]) };
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
      const moments = [...arraysOf(slots.mean), ...arraysOf(slots.square), ...slots.decays];
      [last, ...batches.flatMap(({ x, y }) => [x, y]), ...arraysOf(params), ...moments].forEach((held) => held?.dispose());
      trainStep.dispose();
    },
  };
}

const arraysOf = (params: Params): np.Array[] => params.flatMap((layer) => Object.values(layer));

/** Parameters of the same names, each made of the one at its place. */
function mapped(params: Params, make: (array: np.Array, l: number, key: string) => np.Array): Params {
  return params.map((layer, l) => Object.fromEntries(Object.entries(layer).map(([key, array]) => [key, make(array, l, key)])));
}

/** The optimizer's rule over all layers; it consumes what it is given. */
function updateOf(optimizer: PeerOptimizer): (params: Params, gradients: Params, slots: Slots) => [Params, Slots] {
  const { rate } = optimizer;
  const at = (params: Params, l: number, key: string): np.Array => params[l]?.[key] as np.Array;
  if (optimizer.name === 'sgd') return (params, gradients, slots) => [mapped(params, (array, l, key) => array.sub(at(gradients, l, key).mul(rate))), slots];
  const { beta1, beta2, epsilon } = optimizer;
  return (params, gradients, slots) => {
    const [decay1, decay2] = [beta1, beta2].map((beta, i) => (slots.decays[i] as np.Array).mul(beta)) as [np.Array, np.Array];
    const mean = mapped(params, (_, l, key) => at(slots.mean, l, key).mul(beta1).add(at(gradients, l, key).ref.mul(1 - beta1)));
    const square = mapped(params, (_, l, key) => at(slots.square, l, key).mul(beta2).add(np.square(at(gradients, l, key)).mul(1 - beta2)));
    const moved = mapped(params, (array, l, key) => {
      const [m, v] = [at(mean, l, key).ref.div(np.subtract(1, decay1.ref)), at(square, l, key).ref.div(np.subtract(1, decay2.ref))];
      return array.sub(m.div(np.sqrt(v).add(epsilon)).mul(rate));
    });
    return [moved, { mean, square, decays: [decay1, decay2] }];
  };
}
